import { appearanceSettings } from './settings/appearance.ts'
import { bookSettings } from './settings/books.ts'
import { copySettings } from './settings/copies.ts'
import { machineSettings } from './settings/machines.ts'
import { newJobSettings } from './settings/new-jobs.ts'
import { notificationSettings } from './settings/notifications.ts'

/** Every setting. A setting exists in the whole app by standing here. */
export const settingDeclarations = {
  ...appearanceSettings,
  ...newJobSettings,
  ...copySettings,
  ...machineSettings,
  ...notificationSettings,
  ...bookSettings,
} as const
