import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { durationText, parseDurationMs } from '../../../main/domain/duration.ts'
import { microsOfUsd, parseUsd } from '../../../main/domain/usd.ts'

test('durations add up their parts', () => {
  expect(parseDurationMs('90s', 'x')).toBe(90_000)
  expect(parseDurationMs('1h30m', 'x')).toBe(5_400_000)
  expect(parseDurationMs('1.5h', 'x')).toBe(5_400_000)
  expect(parseDurationMs('0.001s', 'x')).toBe(1)
  expect(parseDurationMs('0', 'x')).toBe(0)
  expect(parseDurationMs(0, 'x')).toBe(0)
})

test('what is no duration says how to write one', () => {
  for (const wrong of ['', '2', 'h', '1 h', '-1h', '1e3s', '2x', '999999999999999d']) {
    expect(() => parseDurationMs(wrong, '--max-duration')).toThrow(
      /--max-duration ".*" is not a duration: write it as 90s/,
    )
  }
})

test('any whole parts are read exactly', () => {
  const part = fc.nat({ max: 10_000 })
  fc.assert(
    fc.property(part, part, part, part, (d, h, m, s) => {
      const ms = ((d * 24 + h) * 60 + m) * 60_000 + s * 1_000
      expect(parseDurationMs(`${d}d${h}h${m}m${s}s`, 'x')).toBe(ms)
    }),
  )
})

test('a decimal fraction of a second is exact to the millisecond', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 40 }), (ms) => {
      const text = `${Math.floor(ms / 1_000)}.${String(ms % 1_000).padStart(3, '0')}s`
      expect(parseDurationMs(text, 'x')).toBe(ms)
    }),
  )
})

test('any amount of micro-dollars survives being written and read', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 31 - 1 }), fc.nat({ max: 999_999 }), (whole, fraction) => {
      const text = `${whole}.${String(fraction).padStart(6, '0')}`
      expect(parseUsd(text, 'x')).toBe(whole * 1_000_000 + fraction)
      expect(parseUsd(`$${text}`, 'x')).toBe(whole * 1_000_000 + fraction)
    }),
  )
})

test('amounts that floats get wrong are right', () => {
  expect(parseUsd('0.1', 'x')).toBe(100_000)
  expect(parseUsd(0.29, 'x')).toBe(290_000)
  expect(parseUsd('1.005', 'x')).toBe(1_005_000)
  expect(parseUsd('0.000001', 'x')).toBe(1)
})

test('what is no amount says how to write one', () => {
  for (const wrong of ['', '1,5', '-1', '1e3', '0.0000001', 'five', '99999999999', 1e-7]) {
    expect(() => parseUsd(wrong, '--budget')).toThrow(/--budget ".*" is not an amount in USD/)
  }
})

test('what a duration is written as is read back exactly', () => {
  expect(durationText(0)).toBe('0')
  expect(durationText(5_400_000)).toBe('1h30m')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (ms) => {
      expect(parseDurationMs(durationText(ms), 'x')).toBe(ms)
    }),
  )
})

test.each([
  ['12.45', 12_450_000],
  ['-3.1', -3_100_000],
  ['0.0000005', 1],
  ['0.00000049999', 0],
  ['-0.0000001', 0],
  ['7', 7_000_000],
])("a provider's amount of %s has as many decimals as it has", (text, micros) => {
  expect(microsOfUsd(text)).toBe(micros)
})

test("what is no provider's amount is refused", () => {
  for (const text of ['', '1,000.00', '1e3', '--1', 'USD 3'])
    expect(() => microsOfUsd(text)).toThrow('not an amount')
})
