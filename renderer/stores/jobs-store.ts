import { createStore, type StoreApi } from 'zustand/vanilla'
import type { JobSummary } from '../../preload/contract/job.ts'
import type { SubletError } from '../../main/domain/errors.ts'
import type { Engine } from '../engine.ts'
import { followAlways } from './follow-always.ts'

export interface JobsState {
  /** By id, in the order of their submission; null until the engine has answered. */
  readonly jobs: ReadonlyMap<string, JobSummary> | null
  readonly problem: SubletError | null
}

export type JobsStore = StoreApi<JobsState>

/** Every job's summary, always current. One a window. */
export function createJobsStore(engine: Pick<Engine, 'follow'>): JobsStore {
  const store = createStore<JobsState>(() => ({ jobs: null, problem: null }))
  followAlways(engine.follow, (api, signal) => api.jobs.watch({}, { signal }), {
    snapshot: (jobs) =>
      store.setState({ jobs: new Map(jobs.map((job) => [job.id, job])), problem: null }),
    event: (job) => store.setState({ jobs: new Map(store.getState().jobs).set(job.id, job) }),
    problem: (problem) => store.setState({ problem }),
  })
  return store
}
