import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../../preload/contract/ledger.ts'
import type { SpendKey } from '../../../preload/contract/spend.ts'
import { reportingMonth } from '../../../main/domain/reporting-month.ts'
import { Ledger } from '../../../main/ledger/ledger.ts'
import { meterRental } from '../../../main/ledger/meter.ts'
import { spendGroups } from '../../../main/ledger/spend-groups.ts'
import { monthsWithEntries, spendMonth } from '../../../main/ledger/spend-month.ts'
import { countRows, spendRows } from '../../../main/ledger/spend-rows.ts'
import type { Database } from '../../../main/store/database.ts'
import { openDatabase } from '../../../main/store/open.ts'
import { hour } from './an-account.ts'
import { accountOf, march, marchStart, someRentals, zone } from './spend-book.ts'
import type { SomeRental } from './spend-book.ts'

const now = marchStart + 31 * 24 * hour + 20 * hour
const keys: readonly SpendKey[] = ['project', 'provider', 'gpu', 'job']
let database: Database
let ledger: Ledger

beforeEach(() => {
  database = openDatabase(':memory:')
  ledger = new Ledger(database)
})
afterEach(() => database.close())

/** Books what is closed; answers the entries of what is open, and all of them together. */
function book(rentals: readonly SomeRental[]): { open: LedgerEntry[]; all: LedgerEntry[] } {
  database.run('DELETE FROM ledger_entries')
  const open: LedgerEntry[] = []
  for (const [index, some] of rentals.entries()) {
    const metered = meterRental(accountOf(some, index), now, zone)
    if (some.open) open.push(...metered.entries)
    else ledger.record(metered)
  }
  return { open, all: [...ledger.list(), ...open] }
}

const sum = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0)

describe('a month of spending', () => {
  it('is the sum of its days, its groups, its rows and its entries, whatever the grouping', () => {
    const { from, to } = reportingMonth(zone, march)
    fc.assert(
      fc.property(someRentals, (rentals) => {
        const { open, all } = book(rentals)
        for (const simulated of [false, true]) {
          const query = { from, to, simulated }
          const expected = all.filter(
            (entry) => entry.simulated === simulated && entry.from >= from && entry.from < to,
          )
          const total = sum(expected.map((entry) => entry.micros))
          const month = spendMonth(database, open, { month: march, simulated, zone, now })
          expect(month.totalMicros).toBe(total)
          expect(sum(month.days.map((day) => day.micros))).toBe(total)
          const idle = expected.filter((entry) => entry.jobId === null)
          expect(month.idleMicros).toBe(sum(idle.map((entry) => entry.micros)))
          expect(month.billedMs).toBe(sum(expected.map((entry) => entry.billedMs)))
          expect(month.usefulMs).toBeLessThanOrEqual(month.billedMs)
          for (const by of keys) {
            const groups = spendGroups(database, open, query, by, 2)
            const shown = sum(groups.groups.map((group) => group.micros))
            expect(shown + groups.restMicros).toBe(total)
            expect(groups.totalMicros).toBe(total)
          }
          const count = countRows(database, open, query)
          const pages = Array.from({ length: Math.ceil(count / 3) }, (_, page) =>
            spendRows(database, open, query, { offset: page * 3, count: 3 }),
          ).flat()
          expect(pages).toHaveLength(count)
          expect(new Set(pages.map((row) => `${row.rentalId} ${row.jobId}`)).size).toBe(count)
          expect(sum(pages.map((row) => row.micros))).toBe(total)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('loses no micro-dollar at midnight, at its own ends, nor when the clocks change', () => {
    fc.assert(
      fc.property(someRentals, (rentals) => {
        const { open, all } = book(rentals)
        const months = monthsWithEntries(database, open, zone, now)
        expect(sum(months.map((one) => one.micros + one.simulatedMicros))).toBe(
          sum(all.map((entry) => entry.micros)),
        )
        for (const [index, some] of rentals.entries()) {
          const metered = meterRental(accountOf(some, index), now, zone)
          expect(sum(metered.entries.map((entry) => entry.micros))).toBe(metered.totalMicros)
          expect(sum(metered.entries.map((entry) => entry.billedMs))).toBe(metered.billedMs)
          expect(sum(metered.entries.map((entry) => entry.meteredMicros))).toBe(
            metered.meteredMicros,
          )
          for (const entry of metered.entries.filter((one) => one.to > one.from)) {
            expect(zone.dayOf(entry.from)).toBe(zone.dayOf(entry.to - 1))
          }
        }
      }),
      { numRuns: 40 },
    )
  })

  it('has days of 23 and 25 hours where the clocks change', () => {
    const hours = (month: string, day: string): number | undefined => {
      const found = reportingMonth(zone, month).days.find((one) => one.day === day)
      return found === undefined ? undefined : (found.to - found.from) / hour
    }
    expect(hours('2026-03', '2026-03-29')).toBe(23)
    expect(hours('2026-10', '2026-10-25')).toBe(25)
    expect(reportingMonth(zone, '2026-02').days).toHaveLength(28)
  })

  it('keeps practice money apart and says how far estimates were off', () => {
    const rental = (index: number, provider: 'vast' | 'sandbox', micros: number): void => {
      const some: SomeRental = {
        startHour: index,
        minutes: 60,
        idleMinutes: 0,
        micros,
        project: 'vision',
        provider,
        job: index,
        open: false,
      }
      ledger.record(meterRental(accountOf(some, index), now, zone))
    }
    // 1.5 dollars were expected of each.
    rental(1, 'vast', 1_500_000)
    rental(2, 'vast', 1_650_000)
    rental(3, 'vast', 3_000_000)
    rental(4, 'sandbox', 750_000)
    const real = spendMonth(database, [], { month: march, simulated: false, zone, now })
    expect(real).toMatchObject({
      totalMicros: 6_150_000,
      otherMicros: 750_000,
      accuracy: { off: 0.1, count: 3 },
      forecastMicros: null,
      forecastBecause: 'The month is over.',
    })
    const practice = spendMonth(database, [], { month: march, simulated: true, zone, now })
    expect(practice).toMatchObject({ totalMicros: 750_000, accuracy: { off: 0.5, count: 1 } })
  })

  it('foresees the rest of the month at the pace of the last two weeks', () => {
    const account = accountOf(
      {
        startHour: 0,
        minutes: 60,
        idleMinutes: 0,
        micros: 10_000_000,
        project: null,
        provider: 'vast',
        job: 0,
        open: false,
      },
      0,
    )
    ledger.record(meterRental(account, now, zone))
    const tenDaysIn = marchStart + 10 * 24 * hour
    const month = spendMonth(database, [], {
      month: march,
      simulated: false,
      zone,
      now: tenDaysIn,
    })
    // One dollar a day; 21 days are left, less the hour that the clocks skip.
    expect(month.forecastMicros).toBe(10_000_000 + 20_958_333)
    expect(month.forecastBecause).toBe('At the pace of the last 10 days, $1.00 a day.')
  })
})
