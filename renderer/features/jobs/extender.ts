import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Extension, ExtensionRequest } from '../../../preload/contract/job-actions.ts'
import { parseDurationMs } from '../../../main/domain/duration.ts'
import { SubletError, toSubletError } from '../../../main/domain/errors.ts'
import { micros } from '../../../main/domain/money.ts'
import type { Engine } from '../../engine.ts'

export interface ExtenderState {
  /** How much longer, as typed or chosen. */
  readonly text: string
  /** What it would mean; null while it is found out, or when it cannot be. */
  readonly extension: Extension | null
  /** The budget that the end needs, when the present one does not last. */
  readonly neededMicros: number | null
  readonly raisesBudget: boolean
  readonly problem: SubletError | null
  readonly busy: boolean
}

export interface Extender {
  readonly store: StoreApi<ExtenderState>
  readonly setText: (text: string) => void
  readonly setRaisesBudget: (raises: boolean) => void
  /** Extends; answers what is true now, in a sentence, or null with the problem in the state. */
  readonly confirm: () => Promise<string | null>
  /** Prices what is chosen at first. */
  readonly open: () => void
  readonly close: () => void
}

export const extensionChoices = ['30m', '1h', '4h', '12h'] as const

/** One question for a later end: each change of it is priced by the engine. */
export function createExtender(api: Engine['api'], jobId: string): Extender {
  const store = createStore<ExtenderState>(() => ({
    text: '1h',
    extension: null,
    neededMicros: null,
    raisesBudget: false,
    problem: null,
    busy: false,
  }))
  let asked = new AbortController()
  const request = (): ExtensionRequest => {
    const { text, raisesBudget, neededMicros } = store.getState()
    const byMs = parseDurationMs(text.trim(), 'How much longer')
    if (byMs <= 0) throw new SubletError('invalid', 'Say how much longer, for example 2h.')
    const raised = raisesBudget && neededMicros !== null
    return { jobId, byMs, ...(raised ? { budgetMicros: micros(neededMicros) } : {}) }
  }
  const price = async (): Promise<void> => {
    asked.abort()
    const mine = new AbortController()
    asked = mine
    try {
      const extension = await api.jobs.extension(request(), { signal: mine.signal })
      if (!mine.signal.aborted) store.setState({ extension, problem: null })
    } catch (thrown) {
      if (mine.signal.aborted) return
      const problem = toSubletError(thrown)
      const least = problem.extras.details?.['leastMicros']
      const neededMicros = problem.code === 'budget' && typeof least === 'number' ? least : null
      store.setState({ extension: null, problem, neededMicros })
    }
  }
  return {
    store,
    open: () => void price(),
    setText: (text) => {
      store.setState({ text, extension: null, neededMicros: null, raisesBudget: false })
      void price()
    },
    setRaisesBudget: (raisesBudget) => {
      store.setState({ raisesBudget })
      void price()
    },
    confirm: async () => {
      store.setState({ busy: true, problem: null })
      try {
        return (await api.jobs.extend(request())).sentence
      } catch (thrown) {
        const problem = toSubletError(thrown)
        // It stands in the journal, so that asking once more would extend it twice.
        if (problem.extras.details?.['journaled'] === true) return problem.message
        store.setState({ problem })
        return null
      } finally {
        store.setState({ busy: false })
      }
    },
    close: () => asked.abort(),
  }
}
