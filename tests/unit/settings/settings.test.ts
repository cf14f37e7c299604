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
  expect(settings.get('maxConcurrentJobs')).toBe(200)
  settings.set('reportingZone', 'Europe/Berlin')
  expect(settings.get('reportingZone')).toBe('Europe/Berlin')
  expect(() => settings.set('reportingZone', 'Mars/Base')).toThrow(/is not a time zone/)
  expect(() => settings.set('maxConcurrentJobs', 0)).toThrow(/maxConcurrentJobs/)
  settings.set('maxConcurrentJobs', 5)
  expect(settings.get('maxConcurrentJobs')).toBe(5)
  settings.reset('maxConcurrentJobs')
  expect(settings.get('maxConcurrentJobs')).toBe(200)
  rows.write('maxConcurrentJobs', '"many')
  expect(settings.get('maxConcurrentJobs')).toBe(200)
  expect(warnings).toHaveLength(1)
  database.close()
})
