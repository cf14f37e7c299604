import { createStore, type StoreApi } from 'zustand/vanilla'
import { type JobDetail, type JobSummary } from '../../../preload/contract/job.ts'
import { isEnded } from '../../../preload/contract/job-state.ts'
import type { Outputs } from '../../../preload/contract/job-actions.ts'
import { toSubletError, type SubletError } from '../../../main/domain/errors.ts'
import type { Engine } from '../../engine.ts'

export interface JobState {
  /** Null until the engine has answered. */
  readonly summary: JobSummary | null
  /** Read anew whenever the job enters another state; null until then. */
  readonly detail: JobDetail | null
  readonly outputs: Outputs | null
  /** Why the job cannot be shown, or is not up to date. */
  readonly problem: SubletError | null
  readonly outputsProblem: SubletError | null
}

export interface JobStore {
  readonly store: StoreApi<JobState>
  /** Asks again after a problem. */
  readonly open: () => void
  readonly retry: () => void
  readonly close: () => void
}

const mostOutputs = 200

/** Everything that the page of one job shows, always current until closed. */
export function createJobStore(engine: Engine, jobId: string): JobStore {
  const store = createStore<JobState>(() => ({
    summary: null,
    detail: null,
    outputs: null,
    problem: null,
    outputsProblem: null,
  }))
  let leaves: readonly (() => void)[] = []
  let reading: AbortController | null = null
  let again = false

  const readDetail = async (): Promise<void> => {
    if (reading !== null) {
      again = true
      return
    }
    const mine = new AbortController()
    reading = mine
    try {
      do {
        again = false
        const detail = await engine.api.jobs.show({ jobId }, { signal: mine.signal })
        if (mine.signal.aborted) return
        store.setState({ detail, problem: null })
      } while (again)
    } catch (thrown) {
      if (!mine.signal.aborted) store.setState({ problem: toSubletError(thrown) })
    } finally {
      if (reading === mine) reading = null
    }
  }
  const take = (summary: JobSummary): void => {
    const { summary: before, detail } = store.getState()
    store.setState({ summary })
    if (detail === null || before === null || changed(before, summary)) void readDetail()
  }
  const followOutputs = (): (() => void) => {
    const show = (outputs: Outputs): void => store.setState({ outputs, outputsProblem: null })
    return engine.follow(
      (api, signal) => api.jobs.outputs({ jobId, most: mostOutputs }, { signal }),
      {
        snapshot: show,
        event: show,
        problem: (outputsProblem) => store.setState({ outputsProblem }),
      },
    )
  }
  const leave = (): void => {
    for (const one of leaves) one()
    leaves = []
    reading?.abort()
    reading = null
  }
  const open = (): void => {
    leaves = [
      engine.follow((api, signal) => api.jobs.watch({ jobId }, { signal }), {
        snapshot: ([summary]) => {
          if (summary !== undefined) take(summary)
        },
        event: take,
        problem: (problem) => store.setState({ problem }),
      }),
      followOutputs(),
    ]
  }
  return {
    store,
    open,
    retry: () => {
      leave()
      store.setState({ problem: null, outputsProblem: null })
      open()
    },
    close: leave,
  }
}

/** Whether something changed that only the detail tells: state, stop, lease, receipt. */
function changed(before: JobSummary, now: JobSummary): boolean {
  return (
    before.state !== now.state ||
    before.stop?.discard !== now.stop?.discard ||
    before.settled !== now.settled ||
    before.rentalId !== now.rentalId ||
    before.endBy !== now.endBy ||
    before.stopsByItself !== now.stopsByItself ||
    before.error?.message !== now.error?.message ||
    (isEnded(now.state) && before.costMicros !== now.costMicros)
  )
}
