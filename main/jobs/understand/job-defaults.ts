import type { SettingValues } from '../../../preload/contract/setting.ts'
import type { UnderstandDefaults } from './understood.ts'

/** What the user's settings say where a job says nothing. */
export function jobDefaults(settings: SettingValues): Partial<UnderstandDefaults> {
  return {
    budgetMicros: settings.defaultBudgetMicros,
    maxDurationMs: settings.defaultMaxDurationMs,
    maxMicrosPerHour: settings.defaultMaxMicrosPerHour,
    outputFolder: settings.defaultOutputFolder,
    chosenKeepWarmMs: settings.defaultKeepWarmMs,
    afterExitMs: settings.defaultAfterExitMs,
  }
}
