import { expect, it } from 'vitest'
import { settingDeclarations } from '../../../preload/contract/setting-declarations.ts'
import { settingKeys, settingsSnapshotSchema } from '../../../preload/contract/setting.ts'
import { silentLogger } from '../../../main/domain/logger.ts'
import { watchSettings } from '../../../main/engine/services/watch-settings.ts'
import { createSettings, type Settings } from '../../../main/settings/settings.ts'

function memoryRows(rows = new Map<string, string>()) {
  return {
    read: (key: string) => rows.get(key) ?? null,
    write: (key: string, value: string) => void rows.set(key, value),
    remove: (key: string) => void rows.delete(key),
  }
}

const create = (): Settings => createSettings(memoryRows(), silentLogger)

it('has defaults, keeps what is set, refuses nonsense, and survives a damaged row', () => {
  const warnings: string[] = []
  const rows = memoryRows()
  const settings = createSettings(rows, {
    ...silentLogger,
    warn: (_, message) => warnings.push(message),
  })
  expect(settings.get('maxConcurrentJobs')).toBe(200)
  settings.set('reportingZone', 'Europe/Berlin')
  expect(settings.get('reportingZone')).toBe('Europe/Berlin')
  expect(() => settings.set('reportingZone', 'Mars/Base')).toThrow(
    'Time zone of the books is not a time zone such as Europe/Berlin.',
  )
  expect(() => settings.set('maxConcurrentJobs', 0)).toThrow(
    'Jobs at the same time has to be at least 1.',
  )
  settings.set('maxConcurrentJobs', 5)
  expect(settings.get('maxConcurrentJobs')).toBe(5)
  settings.reset('maxConcurrentJobs')
  expect(settings.get('maxConcurrentJobs')).toBe(200)
  rows.write('maxConcurrentJobs', '"many')
  expect(settings.get('maxConcurrentJobs')).toBe(200)
  expect(warnings).toHaveLength(1)
})

it.each([
  ['theme', 'pink'],
  ['defaultBudgetMicros', 0],
  ['defaultMaxDurationMs', 30_000],
  ['defaultOutputFolder', 'runs'],
  ['notifications', ['lunch']],
  ['keepAwake', 'yes'],
  ['theme', undefined],
] as const)('refuses %s = %j', (key, value) => {
  expect(() => create().setUnknown(key, value)).toThrow(settingDeclarations[key].label)
})

it('answers every setting with its default, in the form of the contract', () => {
  const settings = create()
  settings.set('theme', 'dark')
  const all = settingsSnapshotSchema.parse(settings.all())
  expect(Object.keys(all.values)).toEqual(settingKeys)
  expect([all.values.theme, all.defaults.theme]).toEqual(['dark', 'system'])
  expect(all.defaults.reportingZone).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone)
})

it('tells every watcher of each change until it leaves', async () => {
  const settings = create()
  const left = new AbortController()
  const { snapshot, events } = watchSettings(settings, left.signal)
  expect(snapshot.values.theme).toBe('system')
  settings.set('theme', 'light')
  settings.set('theme', 'dark')
  const reader = events[Symbol.asyncIterator]()
  expect((await reader.next()).value?.values.theme).toBe('dark')
  const next = reader.next()
  settings.reset('theme')
  expect((await next).value?.values.theme).toBe('system')
  const last = reader.next()
  left.abort()
  expect((await last).done).toBe(true)
})
