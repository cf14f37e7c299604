/** What a key does in the table. */
export type TableAction =
  | { readonly kind: 'move'; readonly to: number }
  | { readonly kind: 'use' | 'favourite' | 'compare' }

/** Reads a key; `active` is the chosen row of `count`, a page has `pageRows`. Null: not ours. */
export function tableKey(
  key: string,
  active: number | null,
  count: number,
  pageRows: number,
): TableAction | null {
  if (count === 0) return null
  const last = count - 1
  const move = (to: number): TableAction => ({ kind: 'move', to: Math.min(last, Math.max(0, to)) })
  switch (key) {
    case 'ArrowDown':
      return move(active === null ? 0 : active + 1)
    case 'ArrowUp':
      return move(active === null ? 0 : active - 1)
    case 'PageDown':
      return move((active ?? 0) + pageRows)
    case 'PageUp':
      return move((active ?? 0) - pageRows)
    case 'Home':
      return move(0)
    case 'End':
      return move(last)
    case 'Enter':
      return { kind: 'use' }
    case 'f':
    case 'F':
      return { kind: 'favourite' }
    case ' ':
      return { kind: 'compare' }
    default:
      return null
  }
}
