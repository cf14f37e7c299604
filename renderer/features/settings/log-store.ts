import { createStore, type StoreApi } from 'zustand/vanilla'
import type { SubletError } from '../../../main/domain/errors.ts'
import type { Engine } from '../../engine.ts'

type Snapshot = Awaited<ReturnType<Engine['api']['settings']['logTail']>>['snapshot']
export type EngineLogLine = Snapshot[number]

export interface LogState {
  /** Null until the engine has answered. */
  readonly lines: readonly EngineLogLine[] | null
  readonly problem: SubletError | null
}

/** As many as a person reads; the file has the rest. */
const keptLines = 1_000

export interface LogStore {
  readonly state: StoreApi<LogState>
  /** Follows the engine's log; answers what ends it. */
  start(): () => void
}

export function createLogStore({ follow }: Pick<Engine, 'follow'>): LogStore {
  const state = createStore<LogState>(() => ({ lines: null, problem: null }))
  const start = (): (() => void) =>
    follow((api, signal) => api.settings.logTail({ lines: keptLines, follow: true }, { signal }), {
      snapshot: (lines) => state.setState({ lines, problem: null }),
      event: (more) =>
        state.setState(({ lines }) => ({ lines: [...(lines ?? []), ...more].slice(-keptLines) })),
      problem: (problem) => state.setState({ problem }),
    })
  return { state, start }
}
