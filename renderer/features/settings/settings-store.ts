import { createStore, type StoreApi } from 'zustand/vanilla'
import type {
  SettingKey,
  SettingsSnapshot,
  SettingValue,
} from '../../../preload/contract/setting.ts'
import { toSubletError, type SubletError } from '../../../main/domain/errors.ts'
import type { Engine } from '../../engine.ts'

export type Facts = Awaited<ReturnType<Engine['api']['settings']['facts']>>

export interface SettingsState {
  /** Null until the engine has answered for the first time. */
  readonly snapshot: SettingsSnapshot | null
  readonly problem: SubletError | null
  readonly facts: Facts | null
  readonly factsProblem: SubletError | null
  /** Why the engine refused the last value of a setting. */
  readonly refusals: Readonly<Partial<Record<SettingKey, string>>>
}

/** The settings, the same in every window. One a window, made in `main.tsx`. */
export interface SettingsStore {
  readonly state: StoreApi<SettingsState>
  /** Saves at once. Answers what undoes it; null when nothing changed or it was refused. */
  change(key: SettingKey, value: unknown): Promise<(() => Promise<void>) | null>
  /** What the setting is now, once known. */
  value<K extends SettingKey>(key: K): SettingValue<K> | null
  loadFacts(): Promise<void>
  close(): void
}

const empty: SettingsState = {
  snapshot: null,
  problem: null,
  facts: null,
  factsProblem: null,
  refusals: {},
}

export function createSettingsStore({
  api,
  follow,
}: Pick<Engine, 'api' | 'follow'>): SettingsStore {
  const state = createStore<SettingsState>(() => empty)
  const take = (snapshot: SettingsSnapshot): void => state.setState({ snapshot, problem: null })
  const close = follow((from, signal) => from.settings.watch({}, { signal }), {
    snapshot: take,
    event: take,
    problem: (problem) => state.setState({ problem }),
  })
  const save = async (key: SettingKey, value: unknown): Promise<boolean> => {
    const { [key]: _old, ...others } = state.getState().refusals
    try {
      take(await api.settings.set({ key, value }))
      state.setState({ refusals: others })
      return true
    } catch (thrown) {
      state.setState({ refusals: { ...others, [key]: toSubletError(thrown).message } })
      return false
    }
  }
  return {
    state,
    change: async (key, value) => {
      const before: unknown = state.getState().snapshot?.values[key]
      if (JSON.stringify(before) === JSON.stringify(value)) return null
      if (!(await save(key, value))) return null
      return async () => {
        await save(key, before)
      }
    },
    value: (key) => (state.getState().snapshot?.values[key] ?? null) as never,
    loadFacts: async () => {
      try {
        state.setState({ facts: await api.settings.facts({}), factsProblem: null })
      } catch (thrown) {
        state.setState({ factsProblem: toSubletError(thrown) })
      }
    },
    close,
  }
}
