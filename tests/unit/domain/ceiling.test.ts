import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jobSpecSchema } from '../../../preload/contract/job-spec.ts'
import { allInMicrosPerHour, cost } from '../../../main/domain/billing.ts'
import {
  budgetLeft,
  fitsBudget,
  leaseEnd,
  leastBudget,
  releaseMs,
  stopAt,
} from '../../../main/domain/budget.ts'
import { ceilingFor } from '../../../main/domain/ceiling.ts'
import type { CeilingInput } from '../../../main/domain/ceiling.ts'
import { anOffer, terms } from './an-offer.ts'

const hour = 3_600_000
const now = 1_700_000_000_000
const limits = (changes: Readonly<Record<string, unknown>> = {}): CeilingInput['limits'] =>
  jobSpecSchema.shape.limits.parse({
    maxMicrosPerHour: null,
    budgetMicros: null,
    maxDurationMs: null,
    keepWarmMs: 0,
    keepWarmChosen: false,
    afterExitMs: 2 * hour,
    graceMs: 30_000,
    ...changes,
  })
const input = (changes: Partial<CeilingInput> = {}): CeilingInput => ({
  limits: limits(),
  offers: [anOffer()],
  now,
  stagingMs: 60_000,
  collectMs: 60_000,
  downloadBytesGuess: 0,
  ...changes,
})

describe('ceiling', () => {
  it('is a day when nothing limits it', () => {
    const ceiling = ceilingFor(input())
    expect(ceiling.endBy).toBe(now + 24 * hour)
    expect(ceiling.microsPerHour).toBe(2_000_000)
    expect(ceiling.micros).toBe(48_000_000 + 33_333)
  })

  it('ends when the budget is spent, the release counted', () => {
    const ceiling = ceilingFor(input({ limits: limits({ budgetMicros: 1_000_000 }) }))
    expect(ceiling).toEqual({
      microsPerHour: 2_000_000,
      micros: 1_000_000,
      endBy: now + hour / 2 - releaseMs,
    })
  })

  it('gives the job its duration, with start, grace, collection and hold around it', () => {
    const ceiling = ceilingFor(input({ limits: limits({ maxDurationMs: hour }) }))
    expect(ceiling.endBy).toBe(now + 60_000 + 60_000 + hour + 30_000 + 60_000 + 2 * hour)
  })

  it('lets Sublet fail over to near prices only, or up to the limit', () => {
    const offers = [2, 2.4, 2.9, 3.5].map((usd, index) =>
      anOffer({ machineType: `type-${index}`, microsPerHour: usd * 1_000_000 }),
    )
    expect(ceilingFor(input({ offers })).microsPerHour).toBe(2_900_000)
    const capped = limits({ maxMicrosPerHour: 3_500_000 })
    expect(ceilingFor(input({ offers, limits: capped })).microsPerHour).toBe(3_500_000)
  })

  it('refuses a budget below the least, and names one that does', () => {
    const billing = terms({ incrementMs: hour, minimumMs: hour })
    const poor = input({
      offers: [anOffer({ billing })],
      limits: limits({ budgetMicros: 100_000 }),
    })
    expect(() => ceilingFor(poor)).toThrow(/budget of \$0\.10 .* give --budget 2\.00 or more/)
    const enough = ceilingFor({ ...poor, limits: limits({ budgetMicros: 2_000_000 }) })
    expect(enough.endBy).toBe(now + hour - releaseMs)
    expect(() => ceilingFor(input({ offers: [] }))).toThrow('No offer fits')
  })

  it('never lets an offer that fits cost more than the budget', () => {
    const price = fc.integer({ min: 0, max: 20_000_000 })
    const offer = fc.record({ price, increment: fc.constantFrom(1_000, 60_000, hour) })
    const cases = fc.record({
      offers: fc.array(offer, { minLength: 1, maxLength: 8 }),
      budgetMicros: fc.integer({ min: 1, max: 50_000_000 }),
      maxMicrosPerHour: fc.option(fc.integer({ min: 20_000_000, max: 1e9 }), { nil: null }),
    })
    fc.assert(
      fc.property(cases, (one) => {
        const offers = one.offers.map(({ price: microsPerHour, increment }, index) => {
          const rules = { incrementMs: increment, minimumMs: increment, diskMicrosPerGibHour: 100 }
          return anOffer({ machineType: `t${index}`, microsPerHour, billing: terms(rules) })
        })
        const given = input({ offers, limits: limits(one) })
        if (offers.every((each) => leastBudget(each, given) > one.budgetMicros)) {
          expect(() => ceilingFor(given)).toThrow('--budget')
          return
        }
        const ceiling = ceilingFor(given)
        const allowed = offers.filter(
          (each) =>
            each.microsPerHour <= ceiling.microsPerHour &&
            fitsBudget(each, one.budgetMicros, given),
        )
        expect(allowed.length).toBeGreaterThan(0)
        for (const each of allowed) {
          const end = leaseEnd(each, now, ceiling.endBy, one.budgetMicros, 0)
          const until = end + releaseMs - now
          const bill = cost(each.billing, each.microsPerHour, each.diskGiB, 0, 0, until)
          expect(bill.totalMicros).toBeLessThanOrEqual(one.budgetMicros)
        }
        expect(ceiling.endBy).toBeGreaterThan(now)
      }),
    )
  })
})

describe('stopping in time', () => {
  const base = { ...input(), startedAt: now, budget: null }

  it('keeps room for grace, collection and a bounded hold', () => {
    const long = stopAt({ ...base, endBy: now + 24 * hour })
    expect(long).toEqual({ at: now + 22 * hour - 90_000, reason: 'lease' })
    const short = stopAt({ ...base, endBy: now + hour })
    expect(short.at).toBe(now + (hour - 90_000) * 0.75)
  })

  it('stops by budget and by duration, whichever comes first', () => {
    const budget = { leftMicros: 1_000_000, offer: anOffer(), billedFrom: now - 120_000 }
    const poor = stopAt({ ...base, endBy: now + 24 * hour, budget })
    expect(poor.reason).toBe('budget')
    expect(poor.at).toBeLessThan(now + hour / 2)
    const timed = limits({ maxDurationMs: 600_000 })
    expect(stopAt({ ...base, limits: timed, endBy: now + 24 * hour, budget })).toEqual({
      at: now + 600_000,
      reason: 'duration',
    })
    expect(budgetLeft(5, 7)).toBe(0)
    expect(allInMicrosPerHour(anOffer())).toBe(2_000_000)
  })
})
