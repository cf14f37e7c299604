import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allInMicrosPerHour, billedMs, cost, minimumBill } from '../../../main/domain/billing.ts'
import { anOffer, terms } from './an-offer.ts'

describe('billing', () => {
  it('bills per second with a minute at least', () => {
    const perSecond = { incrementMs: 1_000, minimumMs: 60_000 }
    expect(billedMs(perSecond, 0, 1)).toBe(60_000)
    expect(billedMs(perSecond, 0, 60_001)).toBe(61_000)
    expect(billedMs(perSecond, 5_000, 1_000)).toBe(60_000)
  })

  it('bills begun hours where the provider does', () => {
    const hourly = { incrementMs: 3_600_000, minimumMs: 3_600_000 }
    expect(billedMs(hourly, 0, 3_600_000)).toBe(3_600_000)
    expect(billedMs(hourly, 0, 3_600_001)).toBe(7_200_000)
  })

  it('adds disk and traffic', () => {
    const rules = terms({ diskMicrosPerGibHour: 100, egressMicrosPerGib: 90_000 })
    const bill = cost(rules, 2_000_000, 200, 3 * 2 ** 30, 0, 1_800_000)
    expect(bill).toEqual({
      computeMicros: 1_000_000,
      storageMicros: 10_000,
      egressMicros: 270_000,
      totalMicros: 1_280_000,
      billedMs: 1_800_000,
    })
  })

  it('knows the least bill and the price with disk', () => {
    const offer = anOffer({
      microsPerHour: 3_600_000,
      diskGiB: 100,
      billing: terms({ incrementMs: 1_000, minimumMs: 60_000, diskMicrosPerGibHour: 60 }),
    })
    expect(minimumBill(offer)).toBe(60_000 + 100)
    expect(allInMicrosPerHour(offer)).toBe(3_606_000)
  })

  it('never bills less for more time', () => {
    const time = fc.integer({ min: 0, max: 1e10 })
    fc.assert(
      fc.property(time, time, fc.integer({ min: 1, max: 3_600_000 }), (one, other, incrementMs) => {
        const rules = terms({ incrementMs, minimumMs: 90_000, diskMicrosPerGibHour: 7 })
        const [short, long] = one < other ? [one, other] : [other, one]
        expect(cost(rules, 1_234_567, 33.5, 0, 0, short).totalMicros).toBeLessThanOrEqual(
          cost(rules, 1_234_567, 33.5, 0, 0, long).totalMicros,
        )
        expect(billedMs(rules, 0, long)).toBeGreaterThanOrEqual(long)
      }),
    )
  })
})
