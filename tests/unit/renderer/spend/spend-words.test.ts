import { expect, it } from 'vitest'
import { paramsOf, viewOf } from '../../../../renderer/features/spend/spend-view.ts'
import type { SpendView } from '../../../../renderer/features/spend/spend-view.ts'
import {
  dayWords,
  monthWords,
  ordinal,
  percent,
  whenWords,
} from '../../../../renderer/features/spend/spend-words.ts'

it('keeps every view in the address', () => {
  const views: readonly SpendView[] = [
    { month: null, money: null, by: 'project', pick: { kind: 'all' } },
    { month: '2026-03', money: 'practice', by: 'gpu', pick: { kind: 'idle' } },
    { month: '2026-03', money: 'real', by: 'job', pick: { kind: 'day', day: '2026-03-29' } },
    {
      month: null,
      money: null,
      by: 'provider',
      pick: { kind: 'group', by: 'provider', key: 'vast' },
    },
    { month: null, money: null, by: 'project', pick: { kind: 'group', by: 'project', key: null } },
  ]
  for (const view of views) expect(viewOf(paramsOf(view))).toEqual(view)
  expect(viewOf({ month: '2026-13', money: 'x', by: 'y', day: 'z', of: 'w' })).toEqual(views[0])
})

it('says dates and shares in words', () => {
  expect(monthWords('2026-11')).toBe('November 2026')
  expect(dayWords('2026-03-09')).toBe('9 March')
  expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 30, 31].map(ordinal).join(' ')).toBe(
    '1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 30th 31st',
  )
  expect([0, 0.031, 0.94, 0.9999, 1].map(percent)).toEqual([
    '0 %',
    '3.1 %',
    '94.0 %',
    '99.9 %',
    '100 %',
  ])
  expect(whenWords(Date.parse('2026-11-20T15:20:00Z'), 60)).toBe('20 Nov 16:20')
})
