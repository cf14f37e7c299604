import { createStore, type StoreApi } from 'zustand/vanilla'
import type { BucketConfig } from '../../../preload/contract/bucket.ts'
import { toSubletError } from '../../../main/domain/errors.ts'
import type { Engine } from '../../engine.ts'

/** What the last look at the bucket said. */
export interface BucketAnswer {
  readonly ok: boolean
  readonly sentence: string
}

export interface BucketState {
  /** Undefined until the engine has answered; null while none is set. */
  readonly config: BucketConfig | null | undefined
  /** Why that is not known. */
  readonly problem: string | null
  readonly answer: BucketAnswer | null
  readonly checking: boolean
}

/** The bucket that results may wait in. One a page; the engine keeps the truth. */
export interface BucketStore {
  readonly state: StoreApi<BucketState>
  load(): Promise<void>
  /** Rejects with why it was refused. Answers where the secret key is kept. */
  set(config: BucketConfig, secretKey: string): Promise<string>
  /** Rejects with why it was refused. */
  remove(): Promise<void>
  /** Has the engine write, read and delete there; the answer stands in the state. */
  check(): Promise<void>
}

export function createBucketStore({ api }: Pick<Engine, 'api'>): BucketStore {
  const state = createStore<BucketState>(() => ({
    config: undefined,
    problem: null,
    answer: null,
    checking: false,
  }))
  return {
    state,
    load: async () => {
      try {
        state.setState({ config: (await api.bucket.show({})).config, problem: null })
      } catch (thrown) {
        state.setState({ problem: toSubletError(thrown).message })
      }
    },
    set: async (config, secretKey) => {
      const { sentence } = await api.bucket.set({ config, secretKey })
      state.setState({ config, answer: null })
      return sentence
    },
    remove: async () => {
      await api.bucket.remove({})
      state.setState({ config: null, answer: null })
    },
    check: async () => {
      const { config } = state.getState()
      state.setState({ checking: true, answer: null })
      let answer: BucketAnswer
      try {
        answer = { ok: true, sentence: (await api.bucket.check({})).sentence }
      } catch (thrown) {
        answer = { ok: false, sentence: toSubletError(thrown).message }
      }
      // What was said of another bucket says nothing of this one.
      const same = state.getState().config === config
      state.setState({ checking: false, ...(same ? { answer } : {}) })
    },
  }
}
