import { expect, it } from 'vitest'
import { settingDeclarations } from '../../../../preload/contract/setting-declarations.ts'
import { settingKeys } from '../../../../preload/contract/setting.ts'
import { marked, searchSettings } from '../../../../renderer/features/settings/search.ts'
import {
  readSetting,
  settingText,
  settingWords,
} from '../../../../renderer/features/settings/setting-text.ts'

it.each([
  ['defaultBudgetMicros', ' $5 ', 5_000_000],
  ['defaultBudgetMicros', '', null],
  ['defaultMaxMicrosPerHour', '2.50 / h', 2_500_000],
  ['defaultMaxDurationMs', '1h 30 min', 5_400_000],
  ['defaultAfterExitMs', '0', 0],
  ['maxConcurrentJobs', '12', 12],
  ['defaultOutputFolder', '/home/ada/runs', '/home/ada/runs'],
  ['reportingZone', 'Asia/Kolkata', 'Asia/Kolkata'],
] as const)('reads %s from %j', (key, text, value) => {
  expect(readSetting(key, text)).toEqual({ ok: true, value })
})

it.each([
  ['defaultBudgetMicros', '0', 'Budget has to be more than $0; leave it empty for no budget.'],
  ['defaultBudgetMicros', 'five', 'Budget "five" is not an amount in USD'],
  ['defaultMaxDurationMs', '5', 'Longest duration "5" is not a duration'],
  ['maxConcurrentJobs', '1.5', 'Jobs at the same time'],
  ['maxConcurrentJobs', '', 'Jobs at the same time'],
  ['defaultAfterExitMs', '', 'Hold results'],
  ['defaultOutputFolder', 'runs', 'Output folder has to be a whole path'],
  ['reportingZone', 'Mars/Base', 'Time zone of the books is not a time zone'],
] as const)('says what to write instead: %s from %j', (key, text, start) => {
  const reading = readSetting(key, text)
  expect(reading.ok ? 'accepted' : reading.sentence).toContain(start)
})

it('writes every default as a text that reads back', () => {
  for (const key of settingKeys) {
    const { shown, schema } = settingDeclarations[key]
    if (shown.kind === 'several' || shown.kind === 'switch' || shown.kind === 'choice') continue
    const value: unknown = schema.parse(undefined)
    expect(readSetting(key, settingText(shown, value))).toEqual({ ok: true, value })
  }
  expect(settingText({ kind: 'duration', none: null }, 5_400_000)).toBe('1h30m')
  expect(settingText({ kind: 'usd', none: '', perHour: false }, 1_234_500_000)).toBe('$1234.50')
})

it('says values in words', () => {
  expect(settingWords('defaultMaxMicrosPerHour', 2_500_000)).toBe('$2.50/h')
  expect(settingWords('defaultMaxMicrosPerHour', null)).toBe('no limit')
  expect(settingWords('notifications', ['failed'])).toBe('a job has failed')
  expect(settingWords('notifications', [])).toBe('never')
  expect(settingWords('theme', 'dark')).toBe('Dark')
})

it('finds a setting by its label, help, options, group and further words', () => {
  expect(searchSettings('').settings).toEqual(settingKeys)
  expect(searchSettings('dark').settings).toEqual(['theme'])
  expect(searchSettings('new jobs money').settings).toEqual([
    'defaultBudgetMicros',
    'defaultMaxMicrosPerHour',
  ])
  expect(searchSettings('timezone').settings).toEqual(['reportingZone'])
  expect(searchSettings('keyring')).toEqual({ settings: [], facts: ['keychain'], bucket: false })
  expect(searchSettings('s3 server').bucket).toBe(true)
  expect(searchSettings('zebra')).toEqual({ settings: [], facts: [], bucket: false })
})

it('marks what was found, letter case aside', () => {
  expect(marked('Price limit', 'LIM')).toEqual([
    { text: 'Price ', hit: false },
    { text: 'lim', hit: true },
    { text: 'it', hit: false },
  ])
  expect(marked('a (b)', '(')).toEqual([
    { text: 'a ', hit: false },
    { text: '(', hit: true },
    { text: 'b)', hit: false },
  ])
})
