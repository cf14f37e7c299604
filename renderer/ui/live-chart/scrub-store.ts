import { createStore, type StoreApi } from 'zustand/vanilla'

/** The moment under the cross-hair, and who holds it: a chart, or another view of the same time. */
export interface ScrubState {
  /** Epoch ms; null while nobody points at a moment. */
  readonly at: number | null
  readonly source: string | null
}

export interface ScrubStore extends StoreApi<ScrubState> {
  point(at: number, source: string): void
  /** Lets go, if this source still holds it. */
  leave(source: string): void
}

/** One cross-hair for everything that shows the same stretch of time. */
export function createScrubStore(): ScrubStore {
  const store = createStore<ScrubState>(() => ({ at: null, source: null }))
  return {
    ...store,
    point: (at, source) => {
      const now = store.getState()
      if (now.at !== at || now.source !== source) store.setState({ at, source })
    },
    leave: (source) => {
      if (store.getState().source === source) store.setState({ at: null, source: null })
    },
  }
}
