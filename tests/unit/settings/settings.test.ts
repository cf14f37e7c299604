import { expect, it } from 'vitest'
import { silentLogger } from '../../../main/domain/logger.ts'
import { createSettings } from '../../../main/settings/settings.ts'
import { openDatabase } from '../../../main/store/open.ts'
import { settingRows } from '../../../main/store/setting-rows.ts'

it('has defaults, keeps what is set, refuses nonsense, and survives a damaged row', () => {
  const database = openDatabase(':memory:')
  const warnings: string[] = []
  const rows = settingRows(database)
  const settings = createSettings(rows, {
    ...silentLogger,
    warn: (_, message) => warnings.push(message),
  })
  expect(settings.get('afterExitMs')).toBe(2 * 3_600_000)
  settings.set('reportingZone', 'Europe/Berlin')
  expect(settings.get('reportingZone')).toBe('Europe/Berlin')
  expect(() => settings.set('reportingZone', 'Mars/Base')).toThrow(/is not a time zone/)
  expect(() => settings.set('maxConcurrentJobs', 0)).toThrow(/maxConcurrentJobs/)
  settings.set('monthlyBudgetMicros', 5_000_000)
  expect(settings.get('monthlyBudgetMicros')).toBe(5_000_000)
  settings.reset('monthlyBudgetMicros')
  expect(settings.get('monthlyBudgetMicros')).toBeNull()
  rows.write('afterExitMs', '"soon')
  expect(settings.get('afterExitMs')).toBe(2 * 3_600_000)
  expect(warnings).toHaveLength(1)
  database.close()
})
