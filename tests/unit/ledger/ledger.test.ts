import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rentalIdSchema } from '../../../preload/contract/rental.ts'
import { reportingZone } from '../../../main/domain/reporting-day.ts'
import { Ledger } from '../../../main/ledger/ledger.ts'
import { meterRental } from '../../../main/ledger/meter.ts'
import type { Database } from '../../../main/store/database.ts'
import { openDatabase } from '../../../main/store/open.ts'
import { aReceipt, allocation, anAccount, hour, jobA, jobB, morning } from './an-account.ts'

const zone = reportingZone('Europe/Berlin')
let database: Database
let ledger: Ledger

beforeEach(() => {
  database = openDatabase(':memory:')
  ledger = new Ledger(database)
})
afterEach(() => database.close())

describe('the books', () => {
  it('replace estimates by firmer figures and never count twice', () => {
    const open = anAccount()
    for (const minutes of [10, 20, 30]) {
      expect(ledger.record(meterRental(open, morning + minutes * 60_000, zone))).toBe(true)
    }
    expect(ledger.totalMicros()).toBe(1_000_000)
    const receipt = aReceipt({ billedMicros: 1_234_567 })
    const closed = { ...open, goneAt: morning + hour, receipt }
    expect(ledger.record(meterRental(closed, morning + hour, zone))).toBe(true)
    expect(ledger.totalMicros()).toBe(1_234_567)
    expect(ledger.driftMicros(open.rentalId)).toBe(1_234_567 - 2_000_000)
    expect(ledger.record(meterRental(open, morning + 2 * hour, zone))).toBe(false)
    expect(ledger.list()).toMatchObject([{ micros: 1_234_567, status: 'reconciled' }])
  })

  it('answer exactly what was booked', () => {
    const metered = meterRental(anAccount(), morning + hour, zone)
    ledger.record(metered)
    expect(ledger.list()).toEqual(metered.entries)
  })

  it('filter by time and by job, and days add up', () => {
    const account = anAccount({
      goneAt: morning + 48 * hour,
      receipt: aReceipt({ billedMicros: 100_000_003 }),
      allocations: [
        allocation(jobA, morning, morning + 20 * hour),
        allocation(jobB, morning + 21 * hour, null),
      ],
    })
    ledger.record(meterRental(account, Infinity, zone))
    const midnight = zone.nextDayAfter(morning)
    const before = ledger.totalMicros({ to: midnight })
    const after = ledger.totalMicros({ from: midnight })
    expect(before).toBeGreaterThan(0)
    expect(before + after).toBe(100_000_003)
    const jobs = [jobA, jobB].map((jobId) => ledger.totalMicros({ jobId }))
    const idle = ledger.list().filter((entry) => entry.jobId === null)
    const sum = [...jobs, ...idle.map((entry) => entry.micros)].reduce((a, b) => a + b, 0)
    expect(sum).toBe(100_000_003)
    expect(ledger.list({ jobId: jobB }).every((entry) => entry.jobId === jobB)).toBe(true)
    expect(ledger.totalsByProvider()).toEqual([{ providerId: 'sandbox', micros: 100_000_003 }])
  })

  it('hold the firmest figure of every rental, whatever the order of bookings', () => {
    const booking = fc.record({
      rental: fc.integer({ min: 0, max: 2 }),
      hours: fc.integer({ min: 1, max: 60 }),
      billedMicros: fc.option(fc.integer({ min: 0, max: 1e9 }), { nil: null }),
      closed: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(booking, { maxLength: 12 }), (bookings) => {
        database.run('DELETE FROM ledger_entries')
        const expected = new Map<number, { firmness: number; micros: number }>()
        for (const { rental, hours, billedMicros, closed } of bookings) {
          const account = anAccount({
            rentalId: rentalIdSchema.parse(`sublet-${String(rental).padStart(26, '0')}`),
            goneAt: closed ? morning + hours * hour : null,
            receipt: closed ? aReceipt({ billedMicros }) : null,
          })
          const metered = meterRental(account, morning + hours * hour, zone)
          ledger.record(metered)
          const firmness = !closed ? 0 : billedMicros === null ? 1 : 2
          if (firmness >= (expected.get(rental)?.firmness ?? 0)) {
            expected.set(rental, { firmness, micros: metered.totalMicros })
          }
        }
        const sum = [...expected.values()].reduce((total, one) => total + one.micros, 0)
        expect(ledger.totalMicros()).toBe(sum)
      }),
      { numRuns: 40 },
    )
  })

  it('forget a launch that never took effect', () => {
    ledger.record(meterRental(anAccount(), morning + hour, zone))
    const receipt = aReceipt({ instanceId: null })
    ledger.record(meterRental(anAccount({ receipt }), morning + hour, zone))
    expect(ledger.list()).toEqual([])
    expect(ledger.totalMicros()).toBe(0)
  })
})
