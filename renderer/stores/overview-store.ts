import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Overview } from '../../preload/contract/overview.ts'
import type { SubletError } from '../../main/domain/errors.ts'
import type { Engine } from '../engine.ts'
import { followAlways } from './follow-always.ts'

export interface OverviewState {
  /** Null until the engine has answered for the first time. */
  readonly overview: Overview | null
  readonly problem: SubletError | null
}

export type OverviewStore = StoreApi<OverviewState>

/** Money, machines and notices, always current. One a window. */
export function createOverviewStore(engine: Pick<Engine, 'follow'>): OverviewStore {
  const store = createStore<OverviewState>(() => ({ overview: null, problem: null }))
  const take = (overview: Overview): void => store.setState({ overview, problem: null })
  followAlways(engine.follow, (api, signal) => api.system.watch({}, { signal }), {
    snapshot: take,
    event: take,
    problem: (problem) => store.setState({ problem }),
  })
  return store
}
