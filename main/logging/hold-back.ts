/**
 * The smallest index from `from` on at which the rest of `text` is the beginning, but not the
 * whole, of one of `values`; the text's length when there is none.
 */
export function findHoldStart(text: string, from: number, values: readonly string[]): number {
  let hold = text.length
  for (const value of values) {
    const earliest = Math.max(from, text.length - value.length + 1)
    for (let at = text.indexOf(value.charAt(0), earliest); at !== -1 && at < hold;) {
      if (value.startsWith(text.slice(at))) hold = at
      at = text.indexOf(value.charAt(0), at + 1)
    }
  }
  return hold
}
