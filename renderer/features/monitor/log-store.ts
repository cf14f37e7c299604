import { createStore, type StoreApi } from 'zustand/vanilla'
import { toSubletError, type SubletError } from '../../../main/domain/errors.ts'
import type { LogExtent, LogLine } from '../../../preload/contract/services/logs.ts'
import type { Engine } from '../../engine.ts'
import { blockLines, LogBlocks } from './log-blocks.ts'
import { lastTop, rowPx, type ScrollRoom } from './log-scroll.ts'

/** Lines that may be copied at once; more are saved as a file. */
export const mostCopiedLines = 20_000

export interface LogState {
  /** Null until the engine has answered. */
  readonly extent: LogExtent | null
  readonly problem: SubletError | null
  /** Whether the end stays in sight. */
  readonly following: boolean
  /** The first line in sight, with its fraction. */
  readonly top: number
  readonly viewportPx: number
  readonly wrapped: boolean
  readonly times: boolean
  readonly numbers: boolean
  /** The line of the moment under the cross-hair. */
  readonly marked: number | null
  /** Where keys act, and the other end of what is chosen. */
  readonly cursor: number | null
  readonly anchor: number | null
  /** Rises whenever lines have come. */
  readonly version: number
}

export interface LogStore extends StoreApi<LogState> {
  /** Undefined while it is being fetched. */
  line(number: number): LogLine | undefined
  /** Sees to it that these lines come. */
  want(from: number, to: number): void
  setViewport(viewportPx: number): void
  /** Moves; reaching the end by hand follows it again, leaving it stops following. */
  scrollTo(top: number): void
  /** Brings a line into sight, in the middle where it was out of it. */
  show(line: number): void
  follow(): void
  /** Marks and shows the line of a moment; null lets go, and goes back to the end if that was in sight. */
  mark(at: number | null): void
  toTime(at: number): Promise<void>
  set(change: Partial<Pick<LogState, 'wrapped' | 'times' | 'numbers' | 'cursor' | 'anchor'>>): void
  /** The chosen lines, or those in sight, as text. */
  text(): Promise<string>
  /** Begins to follow the log; returns how to stop. May be called again after that. */
  start(): () => void
}

/** The log of one job: which part of it is in sight, and the lines around there. */
export function createLogStore(engine: Pick<Engine, 'api' | 'follow'>, jobId: string): LogStore {
  const store = createStore<LogState>(() => ({
    extent: null,
    problem: null,
    following: true,
    top: 0,
    viewportPx: 0,
    wrapped: false,
    times: true,
    numbers: false,
    marked: null,
    cursor: null,
    anchor: null,
    version: 0,
  }))
  const blocks = new LogBlocks()
  const loading = new Set<number>()
  let closing = new AbortController()
  let { signal } = closing
  let wanted = { from: 0, to: 0 }
  let followAgain = false
  let moment: number | null = null
  let findingMoment = false

  const room = (): ScrollRoom => {
    const { extent, viewportPx, wrapped } = store.getState()
    return { lines: extent?.lines ?? 0, viewportPx, wrapped }
  }
  const failed = (thrown: unknown): void => {
    if (!signal.aborted) store.setState({ problem: toSubletError(thrown) })
  }

  const load = async (index: number): Promise<void> => {
    loading.add(index)
    try {
      const lines: LogLine[] = []
      let then = { sizeBytes: 0, timedBytes: 0 }
      for (;;) {
        const from = { line: index * blockLines + lines.length }
        const answer = await engine.api.logs.lines(
          { jobId, from, count: blockLines - lines.length },
          { signal },
        )
        if (lines.length === 0) then = answer.extent
        lines.push(...answer.lines)
        // Long lines come in several answers.
        if (answer.lines.length === 0 || lines.length >= blockLines) break
        if (index * blockLines + lines.length >= answer.extent.lines) break
      }
      blocks.put(index, lines, then)
      store.setState({ version: store.getState().version + 1, problem: null })
    } catch (thrown) {
      failed(thrown)
    } finally {
      loading.delete(index)
    }
    if (!signal.aborted && store.getState().problem === null) fetchWanted()
  }
  const fetchWanted = (): void => {
    const { extent } = store.getState()
    if (extent === null) return
    const last = Math.floor(Math.max(0, Math.min(wanted.to, extent.lines - 1)) / blockLines)
    for (let index = Math.floor(wanted.from / blockLines); index <= last; index += 1) {
      blocks.touch(index)
      if (!loading.has(index) && blocks.lacks(index, extent)) void load(index)
    }
  }
  const grow = (extent: LogExtent): void => {
    store.setState({ extent, problem: null })
    if (store.getState().following) store.setState({ top: lastTop(room()) })
    fetchWanted()
  }
  const scrollTo = (top: number): void => {
    const last = lastTop(room())
    const bounded = Math.max(0, Math.min(last, top))
    store.setState({ top: bounded, following: bounded >= last - 0.5 })
  }
  const show = (line: number): void => {
    const { top, viewportPx } = store.getState()
    const rows = viewportPx / rowPx
    const inSight = line >= top + 1 && line <= top + rows - 2
    if (!inSight) scrollTo(line - rows / 2)
  }
  const lineAtTime = async (at: number): Promise<number | null> => {
    const second = Math.floor(at / 1_000) * 1_000
    const { first, lines } = await engine.api.logs.lines(
      { jobId, from: { at: second }, count: 1 },
      { signal },
    )
    // Nothing was written in that second: what stood there then is the line before.
    return lines[0]?.at === second || first === 0 ? first : first - 1
  }
  const findMoment = async (): Promise<void> => {
    if (findingMoment) return
    findingMoment = true
    try {
      for (let sought = moment; sought !== null;) {
        const marked = await lineAtTime(sought)
        const { extent } = store.getState()
        if (moment !== null && marked !== null && (extent?.lines ?? 0) > 0) {
          store.setState({ marked })
          show(marked)
        }
        if (moment === sought) break
        sought = moment
      }
    } catch (thrown) {
      failed(thrown)
    } finally {
      findingMoment = false
    }
  }

  return {
    ...store,
    line: (number) => blocks.line(number),
    want: (from, to) => {
      wanted = { from: Math.max(0, from), to }
      fetchWanted()
    },
    setViewport: (viewportPx) => {
      store.setState({ viewportPx })
      if (store.getState().following) store.setState({ top: lastTop(room()) })
    },
    scrollTo,
    show,
    follow: () => {
      followAgain = false
      store.setState({ following: true, top: lastTop(room()) })
    },
    mark: (at) => {
      moment = at
      if (at === null) {
        store.setState({ marked: null })
        if (followAgain) store.setState({ following: true, top: lastTop(room()) })
        followAgain = false
        return
      }
      if (store.getState().following) followAgain = true
      void findMoment()
    },
    toTime: async (at) => {
      const line = await lineAtTime(at)
      if (line === null) return
      store.setState({ cursor: line, anchor: line })
      show(line)
    },
    set: (change) => {
      store.setState(change)
      if (store.getState().following) store.setState({ top: lastTop(room()) })
    },
    text: async () => {
      const { cursor, anchor, top, viewportPx, extent } = store.getState()
      const chosen = cursor !== null && anchor !== null
      const from = chosen ? Math.min(cursor, anchor) : Math.floor(top)
      const to = chosen ? Math.max(cursor, anchor) : Math.floor(top + viewportPx / rowPx - 0.5)
      const count = Math.min(mostCopiedLines, Math.min(to, (extent?.lines ?? 0) - 1) - from + 1)
      const parts: string[] = []
      while (parts.length < count) {
        const { lines } = await engine.api.logs.lines(
          {
            jobId,
            from: { line: from + parts.length },
            count: Math.min(2_000, count - parts.length),
          },
          { signal },
        )
        if (lines.length === 0) break
        parts.push(...lines.map((line) => line.text))
      }
      return parts.join('\n')
    },
    start: () => {
      closing = new AbortController()
      signal = closing.signal
      const stopFollow = engine.follow(
        (api, left) => api.logs.follow({ jobId }, { signal: left }),
        {
          snapshot: grow,
          event: grow,
          problem: (problem) => store.setState({ problem }),
        },
      )
      return () => {
        closing.abort()
        stopFollow()
      }
    },
  }
}
