import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  micros,
  microsForMs,
  msForMicros,
  scaleMicros,
  splitMicros,
  sumMicros,
} from '../../../main/domain/money.ts'

const price = fc.integer({ min: 0, max: 200_000_000 })
const duration = fc.integer({ min: 0, max: 400 * 86_400_000 })

describe('money', () => {
  it('takes whole micro-dollars only', () => {
    expect(micros(-5)).toBe(-5)
    expect(() => micros(0.5)).toThrow('whole number')
    expect(() => micros(2 ** 53)).toThrow('whole number')
    expect(() => sumMicros([Number.MAX_SAFE_INTEGER, 1])).toThrow('whole number')
  })

  it('rounds half up, once', () => {
    expect(microsForMs(800_000, 3_600_000)).toBe(800_000)
    expect(microsForMs(1, 1_800_000)).toBe(1)
    expect(microsForMs(1, 1_799_999)).toBe(0)
    expect(scaleMicros(-1, 1, 2)).toBe(0)
    expect(scaleMicros(-3, 1, 2)).toBe(-1)
  })

  it('agrees with exact arithmetic at any size', () => {
    fc.assert(
      fc.property(price, duration, (perHour, ms) => {
        const exact = (2n * BigInt(perHour) * BigInt(ms) + 3_600_000n) / 7_200_000n
        expect(BigInt(microsForMs(perHour, ms))).toBe(exact)
      }),
    )
  })

  it('never affords more time than the money lasts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e12 }),
        fc.integer({ min: 1_000, max: 2e8 }),
        (sum, rate) => {
          const ms = msForMicros(sum, rate)
          expect(microsForMs(rate, ms)).toBeLessThanOrEqual(sum)
          expect(BigInt(rate) * BigInt(ms + 1)).toBeGreaterThan(BigInt(sum) * 3_600_000n)
        },
      ),
    )
  })

  it('splits without losing a micro-dollar, and finer cuts keep the coarser ones', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        weights,
        fc.nat(),
        (total, parts, seed) => {
          const fine = splitMicros(total, parts)
          expect(sumMicros(fine)).toBe(total)
          const cut = seed % parts.length
          const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0)
          const coarse = splitMicros(total, [sum(parts.slice(0, cut)), sum(parts.slice(cut))])
          if (sum(parts) > 0) expect(sumMicros(fine.slice(0, cut))).toBe(coarse[0])
        },
      ),
    )
  })
})
