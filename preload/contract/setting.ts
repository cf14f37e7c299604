import { z } from 'zod'
import { settingDeclarations } from './setting-declarations.ts'

type Declarations = typeof settingDeclarations
export type SettingKey = keyof Declarations
export type SettingValue<K extends SettingKey> = z.output<Declarations[K]['schema']>
export type SettingValues = { readonly [K in SettingKey]: SettingValue<K> }

// The keys of a literal object, which Object.keys widens to strings.
export const settingKeys = Object.keys(settingDeclarations) as SettingKey[]
export const settingKeySchema = z.enum(settingKeys as [SettingKey, ...SettingKey[]])

const valuesSchema = z.object({
  theme: settingDeclarations.theme.schema,
  defaultBudgetMicros: settingDeclarations.defaultBudgetMicros.schema,
  defaultMaxDurationMs: settingDeclarations.defaultMaxDurationMs.schema,
  defaultMaxMicrosPerHour: settingDeclarations.defaultMaxMicrosPerHour.schema,
  defaultOutputFolder: settingDeclarations.defaultOutputFolder.schema,
  defaultKeepWarmMs: settingDeclarations.defaultKeepWarmMs.schema,
  defaultAfterExitMs: settingDeclarations.defaultAfterExitMs.schema,
  mirror: settingDeclarations.mirror.schema,
  mirrorEveryMs: settingDeclarations.mirrorEveryMs.schema,
  mirrorMaxGb: settingDeclarations.mirrorMaxGb.schema,
  mirrorMaxMicros: settingDeclarations.mirrorMaxMicros.schema,
  meteredLink: settingDeclarations.meteredLink.schema,
  maxConcurrentJobs: settingDeclarations.maxConcurrentJobs.schema,
  keepAwake: settingDeclarations.keepAwake.schema,
  notifications: settingDeclarations.notifications.schema,
  reportingZone: settingDeclarations.reportingZone.schema,
} satisfies { [K in SettingKey]: Declarations[K]['schema'] })

/** All settings as they hold now, and their defaults, which depend on the engine's computer. */
export const settingsSnapshotSchema = z.object({ values: valuesSchema, defaults: valuesSchema })
export type SettingsSnapshot = z.infer<typeof settingsSnapshotSchema>
