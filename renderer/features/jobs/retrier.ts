import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Proposal } from '../../../preload/contract/proposal.ts'
import { toSubletError, type SubletError } from '../../../main/domain/errors.ts'
import type { Engine } from '../../engine.ts'

export interface RetrierState {
  /** What the same job would cost and do now; null until it is known. */
  readonly proposal: Proposal | null
  /** The user's yes to a machine that would not stop by itself. */
  readonly acceptsNoLease: boolean
  readonly problem: SubletError | null
  readonly busy: boolean
}

export interface Retrier {
  readonly store: StoreApi<RetrierState>
  /** Prices it anew; also after a problem. */
  readonly propose: () => Promise<void>
  readonly setAcceptsNoLease: (accepts: boolean) => void
  /** Answers the new job's id, or null with the problem in the state. */
  readonly launch: () => Promise<string | null>
  readonly close: () => void
}

/** Runs an ended job again with what was frozen for it, under a ceiling confirmed anew. */
export function createRetrier(api: Engine['api'], jobId: string): Retrier {
  const store = createStore<RetrierState>(() => ({
    proposal: null,
    acceptsNoLease: false,
    problem: null,
    busy: false,
  }))
  let asked = new AbortController()
  const propose = async (): Promise<void> => {
    asked.abort()
    asked = new AbortController()
    const { signal } = asked
    store.setState({ proposal: null, problem: null, busy: true })
    try {
      const proposal = await api.jobs.proposeAgain({ jobId, environment: {} }, { signal })
      if (!signal.aborted) store.setState({ proposal, busy: false })
    } catch (thrown) {
      if (!signal.aborted) store.setState({ problem: toSubletError(thrown), busy: false })
    }
  }
  return {
    store,
    propose,
    setAcceptsNoLease: (acceptsNoLease) => store.setState({ acceptsNoLease }),
    launch: async () => {
      const { proposal, acceptsNoLease, busy } = store.getState()
      if (proposal === null || busy) return null
      store.setState({ busy: true, problem: null })
      try {
        const { ceiling, spec } = proposal
        const confirmed = { jobId, outputDir: spec.outputDir, ceiling, acceptsNoLease }
        return (await api.jobs.retry({ ...confirmed, environment: {} })).jobId
      } catch (thrown) {
        store.setState({ problem: toSubletError(thrown) })
        return null
      } finally {
        store.setState({ busy: false })
      }
    },
    close: () => asked.abort(),
  }
}
