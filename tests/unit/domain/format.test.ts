import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDuration,
  formatMicros,
  formatMicrosPerHour,
  formatTime,
} from '../../../main/domain/format.ts'
import { didYouMean } from '../../../main/domain/nearest.ts'
import { parseUsd } from '../../../main/domain/usd.ts'

test('amounts show cents, and more where they would vanish', () => {
  expect(
    [0, 12_300, 800_000, 1_234_500_000, 100_000, 99_999, 50, 1, -2_500_000].map(formatMicros),
  ).toEqual([
    '$0.00',
    '$0.0123',
    '$0.80',
    '$1,234.50',
    '$0.10',
    '$0.10',
    '$0.00005',
    '$0.000001',
    '-$2.50',
  ])
  expect(formatMicrosPerHour(800_000)).toBe('$0.80/h')
})

test('no amount is shown more than half of its last digit away', () => {
  fc.assert(
    fc.property(fc.nat(), (micros) => {
      const shown = parseUsd(formatMicros(micros).replaceAll(',', ''), 'x')
      expect(Math.abs(shown - micros)).toBeLessThanOrEqual(micros >= 100_000 ? 5_000 : 50)
    }),
  )
})

test('durations have two units at most', () => {
  expect(
    [0, 999, 1_000, 4_250, 45_000, 59_999, 60_000, 185_000, 7_500_000, 86_400_000, 97_200_000].map(
      formatDuration,
    ),
  ).toEqual([
    '0 ms',
    '999 ms',
    '1 s',
    '4.2 s',
    '45 s',
    '1 min',
    '1 min',
    '3 min 5 s',
    '2 h 5 min',
    '1 d',
    '1 d 3 h',
  ])
})

test('bytes are decimal', () => {
  expect([0, 999, 1_000, 1_234, 99_960, 3_400_000_000, 1e15].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1 kB',
    '1.2 kB',
    '100 kB',
    '3.4 GB',
    '1 PB',
  ])
})

test('times carry their zone, and their day where it is another', () => {
  const at = Date.UTC(2026, 2, 1, 17, 5, 11)
  expect(formatTime(at, { near: at, offsetMinutes: 60 })).toBe('18:05 UTC+1')
  expect(formatTime(at, { near: at, offsetMinutes: 330, seconds: true })).toBe('22:35:11 UTC+5:30')
  expect(formatTime(at, { near: at + 86_400_000, offsetMinutes: -180 })).toBe(
    '2026-03-01 14:05 UTC-3',
  )
  expect(formatTime(at, { offsetMinutes: 0 })).toBe('2026-03-01 17:05 UTC')
  // The same instant may be tomorrow where the user is.
  expect(formatTime(at, { near: at, offsetMinutes: 600 })).toBe('03:05 UTC+10')
})

test('ages and counts', () => {
  expect([5, 30, 120, 7_200, 200_000].map((s) => formatAge(0, s * 1_000))).toEqual([
    'just now',
    '30 s ago',
    '2 min ago',
    '2 h ago',
    '2 d ago',
  ])
  expect([formatCount(1, 'file'), formatCount(1_204, 'file')]).toEqual(['1 file', '1,204 files'])
})

test('"did you mean" offers what is near and nothing else', () => {
  expect(didYouMean('requirments.txt', ['requirements.txt', 'train.py'])).toBe(
    '; did you mean "requirements.txt"?',
  )
  expect(didYouMean('maxprice', ['maxPrice', 'maxDuration'])).toBe('; did you mean "maxPrice"?')
  expect(didYouMean('zebra', ['train.py'])).toBe('')
})
