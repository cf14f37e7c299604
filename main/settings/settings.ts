import type { z } from 'zod'
import { settingDeclarations } from '../../preload/contract/setting-declarations.ts'
import {
  settingKeys,
  type SettingKey,
  type SettingsSnapshot,
  type SettingValue,
} from '../../preload/contract/setting.ts'
import { SubletError } from '../domain/errors.ts'
import type { Logger } from '../domain/logger.ts'

export type { SettingKey, SettingValue }

export interface Settings {
  get<K extends SettingKey>(key: K): SettingValue<K>
  /** Every setting with what it would be by default. */
  all(): SettingsSnapshot
  /** Refuses a value of the wrong form with `invalid`. */
  set<K extends SettingKey>(key: K, value: SettingValue<K>): void
  /** The same for a value that a client sent. */
  setUnknown(key: SettingKey, value: unknown): void
  /** Back to the default. */
  reset(key: SettingKey): void
  /** Called after each change; answers the function that ends it. */
  onChange(listener: () => void): () => void
}

/** Where settings are kept, as JSON texts. */
export interface SettingStore {
  read(key: string): string | null
  write(key: string, value: string): void
  remove(key: string): void
}

export function createSettings(store: SettingStore, log: Logger): Settings {
  const listeners = new Set<() => void>()
  const changed = (): void => {
    for (const listener of listeners) listener()
  }
  // Asked for by the second, changed by the month; what a zone's default needs is dear, too.
  const known = new Map<SettingKey, { readonly text: string | null; readonly value: unknown }>()
  const get = <K extends SettingKey>(key: K): SettingValue<K> => {
    const text = store.read(key)
    const before = known.get(key)
    const value = before?.text === text ? before.value : understood(key, text)
    known.set(key, { text, value })
    return value as SettingValue<K>
  }
  const understood = (key: SettingKey, text: string | null): unknown => {
    const schema: z.ZodType = settingDeclarations[key].schema
    const stored = schema.safeParse(text === null ? undefined : parseJson(text))
    if (stored.success) return stored.data
    log.warn({ key }, 'A stored setting is not understood; its default is used.')
    return schema.parse(undefined)
  }
  const setUnknown = (key: SettingKey, value: unknown): void => {
    const { label, schema } = settingDeclarations[key]
    // Without this, `undefined` would be its default.
    const parsed = schema.safeParse(value === undefined ? Symbol('nothing') : value)
    if (!parsed.success) {
      const why = parsed.error.issues[0]?.message ?? 'has the wrong form'
      throw new SubletError('invalid', `${label} ${why}.`, { details: { key } })
    }
    store.write(key, JSON.stringify(parsed.data))
    changed()
  }
  return {
    get,
    all: () => ({
      values: valuesBy(get),
      defaults: valuesBy((key) => settingDeclarations[key].schema.parse(undefined)),
    }),
    set: setUnknown,
    setUnknown,
    reset: (key) => {
      store.remove(key)
      changed()
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function valuesBy(read: (key: SettingKey) => unknown): SettingsSnapshot['values'] {
  // One value a key, each from the key's own schema, which TypeScript cannot follow.
  return Object.fromEntries(
    settingKeys.map((key) => [key, read(key)]),
  ) as SettingsSnapshot['values']
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return Symbol('not JSON') // No schema accepts it, so that the default is used and reported.
  }
}
