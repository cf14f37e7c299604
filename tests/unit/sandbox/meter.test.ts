import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { billingTerms } from '../../../sandbox-cloud/billing-terms.ts'
import { billFor } from '../../../sandbox-cloud/meter.ts'
import type { Metered } from '../../../sandbox-cloud/meter.ts'

const launchedAt = 1_795_000_000_000
const hour = 3_600_000

function machine(change: Partial<Metered> = {}): Metered {
  return {
    terms: billingTerms.second,
    microsPerHour: 3_600_000,
    diskGiB: 100,
    launchedAt,
    runningAt: launchedAt + 2000,
    endedAt: launchedAt + 2000 + hour,
    egressBytes: 0,
    ...change,
  }
}
const after = (ms: number): Partial<Metered> => ({ endedAt: launchedAt + 2000 + ms })

describe("the sandbox's meter", () => {
  it('counts from running on where the terms say so', () => {
    expect(billFor(machine(), launchedAt)).toEqual({
      billedFrom: launchedAt + 2000,
      billedTo: launchedAt + 2000 + hour,
      billedMicros: 3_600_000,
    })
  })

  it('counts from launch on where the terms say so', () => {
    const terms = billingTerms.minuteLaunch
    expect(billFor(machine({ terms, ...after(15 * 60_000 - 2000) }), launchedAt)).toEqual({
      billedFrom: launchedAt,
      billedTo: launchedAt + 15 * 60_000,
      billedMicros: 900_000,
    })
  })

  it('bills nothing for a machine that never ran under running terms', () => {
    const bill = billFor(machine({ runningAt: null }), launchedAt + hour)
    expect(bill).toEqual({ billedFrom: null, billedTo: null, billedMicros: 0 })
  })

  it('bills the minimum for a short use', () => {
    expect(billFor(machine(after(1)), launchedAt).billedMicros).toBe(60_000)
    expect(
      billFor(machine({ terms: billingTerms.hour, ...after(1) }), launchedAt).billedMicros,
    ).toBe(3_600_000)
  })

  it('rounds a begun increment up, and an exact one not', () => {
    expect(billFor(machine(after(61_000)), launchedAt).billedMicros).toBe(61_000)
    expect(billFor(machine(after(61_001)), launchedAt).billedMicros).toBe(62_000)
    const terms = billingTerms.minute
    expect(billFor(machine({ terms, ...after(60_001) }), launchedAt).billedMicros).toBe(120_000)
  })

  it('adds disk by the hour and traffic by the GiB', () => {
    const terms = billingTerms.secondExtras
    const bill = billFor(
      machine({ terms, endedAt: launchedAt + hour, egressBytes: 1024 ** 3 / 2 }),
      launchedAt,
    )
    expect(bill.billedMicros).toBe(3_600_000 + 100 * 110 + 45_000)
  })

  it('reads a live machine at the given time', () => {
    expect(billFor(machine({ endedAt: null }), launchedAt + 2000 + 90_000).billedMicros).toBe(
      90_000,
    )
  })

  it('never falls as time goes on, stays whole, and never under-bills', () => {
    const terms = fc.constantFrom(...Object.values(billingTerms))
    const duration = fc.integer({ min: 0, max: 400 * hour })
    const price = fc.integer({ min: 1, max: 100_000_000 })
    fc.assert(
      fc.property(terms, duration, duration, price, (terms, one, other, microsPerHour) => {
        const [short, long] = one < other ? [one, other] : [other, one]
        const at = (ms: number): number =>
          billFor(machine({ terms, microsPerHour, ...after(ms) }), launchedAt).billedMicros
        const exact = (microsPerHour * long) / hour
        return Number.isSafeInteger(at(long)) && at(short) <= at(long) && at(long) >= exact - 1
      }),
    )
  })

  it('is exact where floating point is not', () => {
    const bill = billFor(machine({ microsPerHour: 43_920_000, ...after(9_999 * hour) }), launchedAt)
    expect(bill.billedMicros).toBe(43_920_000 * 9_999)
  })
})
