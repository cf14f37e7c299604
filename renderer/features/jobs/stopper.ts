import { createStore, type StoreApi } from 'zustand/vanilla'
import type { StopPreview } from '../../../preload/contract/job-actions.ts'
import { toSubletError, type SubletError } from '../../../main/domain/errors.ts'
import type { Engine } from '../../engine.ts'

/** An order to stop, from the click on. */
export interface StopOrder {
  readonly discard: boolean
  /** What was said about it when it was given. */
  readonly preview: StopPreview | null
  /** Why it did not reach the engine; null while it is under way or taken. */
  readonly problem: SubletError | null
}

export interface StopperState {
  /** The job that the dialog asks about. */
  readonly asking: string | null
  readonly preview: StopPreview | null
  readonly orders: ReadonlyMap<string, StopOrder>
}

export interface Stopper {
  readonly store: StoreApi<StopperState>
  /** Opens the question, and finds out what stopping would bring. */
  readonly ask: (jobId: string) => void
  readonly leave: () => void
  /** Gives the order and closes the question at once; a failure stands with the order. */
  readonly stop: (jobId: string, discard: boolean) => Promise<void>
  /** Gives an order that failed once more. */
  readonly again: (jobId: string) => Promise<void>
}

/** Asks and gives orders to stop. A click is always followed by something to see. */
export function createStopper(api: Engine['api']): Stopper {
  const store = createStore<StopperState>(() => ({
    asking: null,
    preview: null,
    orders: new Map(),
  }))
  let asked = new AbortController()
  const put = (jobId: string, order: StopOrder): void =>
    store.setState({ orders: new Map(store.getState().orders).set(jobId, order) })
  const give = async (jobId: string, order: StopOrder): Promise<void> => {
    put(jobId, { ...order, problem: null })
    try {
      await api.jobs.stop({ jobId, discard: order.discard })
    } catch (thrown) {
      put(jobId, { ...order, problem: toSubletError(thrown) })
    }
  }
  const look = async (jobId: string, signal: AbortSignal): Promise<void> => {
    try {
      const preview = await api.jobs.stopPreview({ jobId }, { signal })
      if (!signal.aborted) store.setState({ preview })
    } catch {
      // The question stands without figures.
    }
  }
  const leave = (): void => {
    asked.abort()
    store.setState({ asking: null })
  }
  return {
    store,
    ask: (jobId) => {
      asked.abort()
      asked = new AbortController()
      const { signal } = asked
      store.setState({ asking: jobId, preview: null })
      void look(jobId, signal)
    },
    leave,
    stop: async (jobId, discard) => {
      const { asking, preview } = store.getState()
      leave()
      await give(jobId, { discard, preview: asking === jobId ? preview : null, problem: null })
    },
    again: async (jobId) => {
      const order = store.getState().orders.get(jobId)
      if (order !== undefined) await give(jobId, order)
    },
  }
}
