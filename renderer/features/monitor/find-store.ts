import { createStore, type StoreApi } from 'zustand/vanilla'
import { toSubletError, type SubletError } from '../../../main/domain/errors.ts'
import type { Engine } from '../../engine.ts'

/** A search begins when no letter has come for so long. */
const pauseMs = 150

/** Places that are remembered, to go from one to the next; all are counted. */
const mostPlaces = 100_000

export interface FindState {
  readonly text: string
  readonly caseSensitive: boolean
  /** Places found so far; null without a search. */
  readonly found: number | null
  readonly scanning: boolean
  /** Which place is shown, from 0; null before the first step. */
  readonly current: number | null
  readonly problem: SubletError | null
}

export interface FindStore extends StoreApi<FindState> {
  /** Searches anew; an empty text ends the search. `nearLine`: where the first step looks. */
  search(text: string, caseSensitive: boolean, nearLine: number): void
  /** Looks at what the log has got since. */
  lookOn(lines: number): void
  /**
   * Goes to the next place or the one before, around the end; the first time to the nearest one
   * behind `nearLine`, as soon as the scan has got there. Answers its line, null while there is none.
   */
  step(by: 1 | -1): number | null
  /** Line and column of the place on show. */
  place(): { readonly line: number; readonly column: number } | null
  close(): void
}

/** The search in one job's log. */
export function createFindStore(engine: Pick<Engine, 'api'>, jobId: string): FindStore {
  const store = createStore<FindState>(() => ({
    text: '',
    caseSensitive: false,
    found: null,
    scanning: false,
    current: null,
    problem: null,
  }))
  let lines: number[] = []
  let columns: number[] = []
  let scannedLines = 0
  let near = 0
  /** A first step that waits for the scan. */
  let waiting: 1 | -1 | null = null
  let running = new AbortController()
  let typing: ReturnType<typeof setTimeout> | undefined

  const scan = async (text: string, caseSensitive: boolean, fromLine: number): Promise<void> => {
    running.abort()
    running = new AbortController()
    const { signal } = running
    // The last line may have been half a line: it is looked at again.
    while ((lines.at(-1) ?? -1) >= fromLine) {
      lines.pop()
      columns.pop()
    }
    const before = fromLine === 0 ? 0 : lines.length
    const limit = Math.max(1, mostPlaces - before)
    store.setState({ scanning: true, problem: null })
    try {
      const stream = await engine.api.logs.search(
        { jobId, text, caseSensitive, fromLine, limit },
        { signal },
      )
      for await (const event of stream.events) {
        if (signal.aborted) return
        lines.push(...event.lines)
        columns.push(...event.columns)
        scannedLines = event.scannedLines
        store.setState({ found: before + event.found })
        if (waiting !== null && (lines.at(-1) ?? -1) >= near) step(waiting)
      }
      if (signal.aborted) return
      store.setState({ scanning: false })
      if (waiting !== null) step(waiting)
    } catch (thrown) {
      if (!signal.aborted) store.setState({ scanning: false, problem: toSubletError(thrown) })
    }
  }

  const step = (by: 1 | -1): number | null => {
    const { current, scanning } = store.getState()
    const reached = (lines.at(-1) ?? -1) >= near
    waiting = current === null && scanning && !reached ? by : null
    if (lines.length === 0 || waiting !== null) return null
    let next: number
    if (current !== null) next = (current + by + lines.length) % lines.length
    else {
      const after = lines.findIndex((line) => line >= near)
      const first = after < 0 ? 0 : after
      next = by === 1 ? first : (first - 1 + lines.length) % lines.length
    }
    store.setState({ current: next })
    return lines[next] ?? null
  }

  return {
    ...store,
    search: (text, caseSensitive, nearLine) => {
      running.abort()
      lines = []
      columns = []
      scannedLines = 0
      near = nearLine
      waiting = null
      const found = text === '' ? null : 0
      store.setState({ text, caseSensitive, found, current: null, scanning: false, problem: null })
      clearTimeout(typing)
      if (text === '') return
      store.setState({ scanning: true })
      typing = setTimeout(() => void scan(text, caseSensitive, 0), pauseMs)
    },
    lookOn: (total) => {
      const { text, caseSensitive, scanning, found } = store.getState()
      if (text === '' || scanning || total <= scannedLines || (found ?? 0) >= mostPlaces) return
      void scan(text, caseSensitive, Math.max(0, scannedLines - 1))
    },
    step,
    place: () => {
      const { current } = store.getState()
      const line = current === null ? undefined : lines[current]
      if (current === null || line === undefined) return null
      return { line, column: columns[current] ?? 0 }
    },
    close: () => {
      clearTimeout(typing)
      running.abort()
    },
  }
}
