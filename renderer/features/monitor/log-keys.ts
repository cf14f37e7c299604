import { rowPx } from './log-scroll.ts'
import type { LogStore } from './log-store.ts'

/** What keys in the log do besides moving. */
export interface LogActions {
  readonly focusFind: () => void
  readonly step: (by: 1 | -1) => void
  readonly copy: () => void
}

interface Key {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

/** Carries out a key pressed in the log; false when the key means nothing there. */
export function logKey(store: LogStore, event: Key, actions: LogActions): boolean {
  const { extent, top, viewportPx, cursor, wrapped } = store.getState()
  const last = (extent?.lines ?? 0) - 1
  if (last < 0) return false
  const page = Math.max(1, Math.floor(viewportPx / rowPx) - 1)
  const chord = event.ctrlKey || event.metaKey
  if (chord && event.key.toLowerCase() === 'c') {
    if (cursor === null) return false
    actions.copy()
    return true
  }
  if (chord && event.key.toLowerCase() === 'a') {
    store.set({ anchor: 0, cursor: last })
    return true
  }
  if (chord || event.altKey) return false
  const moves: Readonly<Record<string, number>> = {
    ArrowUp: -1,
    ArrowDown: 1,
    PageUp: -page,
    PageDown: page,
    Home: -last,
    End: last,
  }
  const by = moves[event.key]
  if (by !== undefined) {
    const from = cursor ?? (by > 0 ? Math.floor(top) - 1 : Math.floor(top + viewportPx / rowPx))
    const next = Math.min(last, Math.max(0, from + by))
    const { anchor } = store.getState()
    store.set({ cursor: next, anchor: event.shiftKey ? (anchor ?? next) : next })
    if (event.key === 'End') store.follow()
    else store.show(next)
    return true
  }
  switch (event.key) {
    case '/':
      actions.focusFind()
      return true
    case 'n':
    case 'N':
      actions.step(event.key === 'n' ? 1 : -1)
      return true
    case 'f':
      store.follow()
      return true
    case 'w':
      store.set({ wrapped: !wrapped })
      return true
    case 'Escape':
      if (cursor === null) return false
      store.set({ cursor: null, anchor: null })
      return true
    default:
      return false
  }
}
