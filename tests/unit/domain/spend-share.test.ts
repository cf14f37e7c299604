import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cost } from '../../../main/domain/billing.ts'
import { periodsUntil } from '../../../main/domain/budget-periods.ts'
import { releaseMs } from '../../../main/domain/budget.ts'
import { micros } from '../../../main/domain/money.ts'
import { bookEntries } from '../../../main/ledger/book-entries.ts'
import { reportingZone } from '../../../main/domain/reporting-day.ts'
import {
  committedWithin,
  shareOut,
  type SharedBudget,
  type SharedRental,
} from '../../../main/domain/spend-share.ts'
import { anOffer } from './an-offer.ts'

const hour = 3_600_000
const usd = 1_000_000
const now = Date.UTC(2026, 10, 21, 20)
const zone = reportingZone('Europe/Vienna')

type Drawn<A> = A extends fc.Arbitrary<infer T> ? T : never

const rental = fc.record({
  dollars: fc.integer({ min: 1, max: 900 }),
  increment: fc.constantFrom(1_000, 60_000, hour),
  minimum: fc.constantFrom(0, 60_000, hour),
  disk: fc.integer({ min: 0, max: 300 }),
  egressMib: fc.integer({ min: 0, max: 4_000 }),
  beganBefore: fc.integer({ min: 0, max: 30 * hour }),
  mayRun: fc.integer({ min: 0, max: 80 * hour }),
  memberOf: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
})

function sharedOf(drawn: Drawn<typeof rental>, index: number): SharedRental {
  const base = anOffer({ microsPerHour: drawn.dollars * 10_000, diskGiB: drawn.disk })
  return {
    id: `rental-${index}`,
    offer: {
      ...base,
      billing: {
        ...base.billing,
        incrementMs: drawn.increment,
        minimumMs: drawn.minimum,
        diskMicrosPerGibHour: micros(137),
        egressMicrosPerGib: micros(90_000),
      },
    },
    billedFrom: now - drawn.beganBefore,
    egressBytes: drawn.egressMib * 2 ** 20,
    least: now,
    most: now + drawn.mayRun,
  }
}

const scene = fc.record({
  rentals: fc.array(rental, { minLength: 1, maxLength: 6 }),
  budgets: fc.array(
    fc.record({
      period: fc.constantFrom('day' as const, 'month' as const),
      cents: fc.integer({ min: 1, max: 40_000 }),
      spentCents: fc.integer({ min: 0, max: 3_000 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
})

function build({ rentals, budgets }: Drawn<typeof scene>) {
  const shared = rentals.map(sharedOf)
  const until = Math.max(...shared.map(({ most }) => most))
  const limits: SharedBudget[] = budgets.map(({ period, cents, spentCents }, index) => ({
    id: `budget-${index}`,
    periods: periodsUntil(
      zone,
      { period, micros: micros(cents * 10_000) },
      spentCents * 10_000,
      now,
      until,
    ),
    countsFrom: new Map(
      shared.flatMap(({ id }, at) => (rentals[at]?.memberOf[index] === true ? [[id, 0]] : [])),
    ),
  }))
  return { shared, limits, shares: shareOut(shared, limits) }
}

describe('sharing budgets out', () => {
  it('lets all machines together never cost more than any budget leaves in any period', () => {
    fc.assert(
      fc.property(scene, (drawn) => {
        const { shared, limits, shares } = build(drawn)
        const endOf = ({ id }: SharedRental): number => shares.get(id)?.endBy ?? Infinity
        for (const one of shared) {
          expect(endOf(one)).toBeGreaterThanOrEqual(one.least)
          expect(endOf(one)).toBeLessThanOrEqual(one.most)
        }
        for (const limit of limits) {
          for (const period of limit.periods) {
            const cheapest = committedWithin(shared, ({ least }) => least, limit, period)
            const sum = committedWithin(shared, endOf, limit, period)
            // Below what all cost that are ended at once, there is nothing to share.
            expect(sum).toBeLessThanOrEqual(Math.max(cheapest, period.micros))
          }
        }
      }),
      { numRuns: 150 },
    )
  })

  it('is never below the bill, as the books split it over days', () => {
    fc.assert(
      fc.property(rental, fc.integer({ min: 0, max: 80 * hour }), (drawn, ranMs) => {
        const one = sharedOf(drawn, 0)
        const endBy = now + ranMs
        // The provider may take any time up to the allowance.
        const to = endBy + (ranMs % releaseMs)
        const { billing, microsPerHour, diskGiB } = one.offer
        const own = cost(billing, microsPerHour, diskGiB, one.egressBytes, one.billedFrom, to)
        const entries = bookEntries({
          account: {
            rentalId: 'sublet-00000000000000000000000000',
            accountId: 'a',
            providerId: 'p',
            offer: { ...anOffer({}), ...one.offer },
            launchedAt: one.billedFrom,
            goneAt: null,
            allocations: [],
            receipt: null,
            egressBytes: one.egressBytes,
            estimateMicros: micros(0),
          },
          from: one.billedFrom,
          to,
          machineTo: to,
          status: 'metered',
          zone,
          ...own,
          meteredMicros: own.totalMicros,
          billedMs: own.billedMs,
        })
        const budget = { countsFrom: new Map([[one.id, 0]]) }
        for (const period of periodsUntil(
          zone,
          { period: 'day', micros: micros(usd) },
          0,
          one.billedFrom,
          to,
        )) {
          const booked = entries
            .filter(({ from }) => from >= period.from && from < period.to)
            .reduce((sum, entry) => sum + entry.micros, 0)
          const reckoned = committedWithin([one], () => endBy, budget, period)
          expect(booked).toBeLessThanOrEqual(reckoned)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('gives all who share a budget the same end, and the money of those that end before to the rest', () => {
    const one = { ...sharedOf(plain, 0), most: now + 10 * hour }
    const two = { ...sharedOf(plain, 1), most: now + hour }
    const budget = (dollars: number): SharedBudget => ({
      id: 'day',
      periods: [{ from: now - hour, to: now + 100 * hour, micros: dollars * usd }],
      countsFrom: new Map([
        [one.id, 0],
        [two.id, 0],
      ]),
    })
    const tight = shareOut([one, two], [budget(1)])
    expect(tight.get(one.id)?.endBy).toBe(tight.get(two.id)?.endBy)
    expect(tight.get(one.id)?.budgetId).toBe('day')
    const wide = shareOut([one, two], [budget(4)])
    expect(wide.get(two.id)).toEqual({ endBy: two.most, budgetId: null })
    const hours = ((wide.get(one.id)?.endBy ?? 0) - now) / hour
    expect(hours).toBeGreaterThan(2.9)
    expect(hours).toBeLessThanOrEqual(3)
    const free = shareOut([one, two], [budget(400)])
    expect(free.get(one.id)).toEqual({ endBy: one.most, budgetId: null })
  })

  it('carries a machine over midnight on the money of both days', () => {
    const one = { ...sharedOf(plain, 0), billedFrom: now, most: now + 30 * hour }
    const periods = periodsUntil(zone, { period: 'day', micros: micros(5 * usd) }, 0, now, one.most)
    const budget = { id: 'day', periods, countsFrom: new Map([[one.id, 0]]) }
    const midnight = periods[0]?.to ?? 0
    // Three hours are left today in Vienna; five dollars are five hours of tomorrow.
    const lasts = ((shareOut([one], [budget]).get(one.id)?.endBy ?? 0) - midnight) / hour
    expect(lasts).toBeGreaterThan(4.9)
    expect(lasts).toBeLessThan(5)
  })
})

const plain = {
  dollars: 100,
  increment: 1_000 as const,
  minimum: 0 as const,
  disk: 0,
  egressMib: 0,
  beganBefore: 0,
  mayRun: 0,
  memberOf: [true, true, true],
}
