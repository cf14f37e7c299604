import { z } from 'zod'
import { SubletError } from '../domain/errors.ts'
import type { Logger } from '../domain/logger.ts'

/** Every setting with its form; the defaults stand here and nowhere else. */
const settingSchemas = {
  /** The time zone in which days and months of the books begin. */
  reportingZone: z
    .string()
    .refine(isZone, 'is not a time zone such as Europe/Berlin')
    .default(() => new Intl.DateTimeFormat().resolvedOptions().timeZone),
  /** Jobs that hold a machine at the same time. */
  maxConcurrentJobs: z.int().min(1).max(1_000).default(200),
} as const

type Schemas = typeof settingSchemas
export type SettingKey = keyof Schemas
export type SettingValue<K extends SettingKey> = z.output<Schemas[K]>

export interface Settings {
  get<K extends SettingKey>(key: K): SettingValue<K>
  /** Refuses a value of the wrong form with `invalid`. */
  set<K extends SettingKey>(key: K, value: SettingValue<K>): void
  /** Back to the default. */
  reset(key: SettingKey): void
}

/** Where settings are kept, as JSON texts. */
export interface SettingStore {
  read(key: string): string | null
  write(key: string, value: string): void
  remove(key: string): void
}

export function createSettings(store: SettingStore, log: Logger): Settings {
  return {
    get: <K extends SettingKey>(key: K) => {
      const schema: z.ZodType = settingSchemas[key]
      const text = store.read(key)
      const stored = schema.safeParse(text === null ? undefined : parseJson(text))
      if (stored.success) return stored.data as SettingValue<K>
      log.warn({ key }, 'A stored setting is not understood; its default is used.')
      return schema.parse(undefined) as SettingValue<K>
    },
    set: (key, value) => {
      const parsed = settingSchemas[key].safeParse(value)
      if (!parsed.success) {
        const why = parsed.error.issues[0]?.message ?? 'it has the wrong form'
        throw new SubletError(
          'invalid',
          `The setting ${key} cannot be ${JSON.stringify(value)}: ${why}.`,
        )
      }
      store.write(key, JSON.stringify(parsed.data))
    },
    reset: (key) => store.remove(key),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return Symbol('not JSON') // No schema accepts it, so that the default is used and reported.
  }
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false // Intl's only way to say that it does not know the zone.
  }
}
