import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { billedMs } from '../../../main/domain/billing.ts'
import { microsForMs } from '../../../main/domain/money.ts'
import { reportingZone } from '../../../main/domain/reporting-day.ts'
import { costSoFar, meterRental } from '../../../main/ledger/meter.ts'
import { billFor } from '../../../sandbox-cloud/meter.ts'
import { anOffer, terms } from '../domain/an-offer.ts'
import { aReceipt, allocation, anAccount, hour, jobA, jobB, morning } from './an-account.ts'

const incrementMs = fc.constantFrom(1, 1_000, 60_000, hour)
const minimumMs = fc.constantFrom(0, 1_000, 60_000, 600_000, hour)
const lived = fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 400 * hour }))
const rules = fc.record({ incrementMs, minimumMs })
const rate = fc.integer({ min: 1, max: 1e8 })

/** Days of 23, 24 and 25 hours, half hours, a day that is left out, both sides of the date line. */
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'America/Sao_Paulo',
].map((name) => reportingZone(name))

/** Starts near clock changes, at midnights, and anywhere. */
const starts = fc.oneof(
  fc.constantFrom(
    ...[
      '2026-03-28T20:00:00Z',
      '2026-10-24T20:00:00Z',
      '2011-12-29T06:00:00Z',
      '2018-11-03T20:00:00Z',
    ].map((text) => Date.parse(text)),
  ),
  fc.integer({ min: morning - 5_000 * hour, max: morning + 5_000 * hour }),
)

describe('the meter', () => {
  it('is never under the minimum nor under one increment, and never over the clock and one increment', () => {
    fc.assert(
      fc.property(rules, lived, rate, (billing, ms, microsPerHour) => {
        const billed = billedMs(billing, morning, morning + ms)
        expect(billed).toBeGreaterThanOrEqual(Math.max(ms, billing.minimumMs))
        if (ms > 0) expect(billed).toBeGreaterThanOrEqual(billing.incrementMs)
        expect(billed).toBeLessThan(Math.max(billing.minimumMs + 1, ms + billing.incrementMs))
        const account = anAccount({
          offer: anOffer({ microsPerHour, billing: terms(billing) }),
          goneAt: morning + ms,
          receipt: aReceipt({ confirmedAt: morning + ms }),
        })
        const { totalMicros } = meterRental(account, Infinity, reportingZone('UTC'))
        expect(totalMicros).toBe(microsForMs(microsPerHour, billed))
      }),
    )
  })

  it('never runs backwards while a rental lives, and ends where it stood', () => {
    fc.assert(
      fc.property(rules, rate, fc.array(lived, { minLength: 2 }), (billing, microsPerHour, at) => {
        const offer = anOffer({
          microsPerHour,
          billing: terms({ ...billing, diskMicrosPerGibHour: 137 }),
        })
        const times = at.toSorted((a, b) => a - b).map((ms) => morning + ms)
        const costs = times.map((time) => costSoFar(anAccount({ offer }), time))
        for (const [index, micros] of costs.entries()) {
          expect(micros).toBeGreaterThanOrEqual(costs[index - 1] ?? 0)
        }
        const goneAt = times.at(-1) ?? morning
        const receipt = aReceipt({ confirmedAt: goneAt })
        expect(costSoFar(anAccount({ offer, goneAt, receipt }), Infinity)).toBe(costs.at(-1))
      }),
      { numRuns: 60 },
    )
  })

  it('agrees to the micro-dollar with the meter of the practice cloud, which was written apart', () => {
    const cases = fc.record({
      billing: rules.filter(
        (one) => one.minimumMs % one.incrementMs === 0 && one.minimumMs >= one.incrementMs,
      ),
      ms: lived.filter((one) => one > 0),
      rate,
      diskGiB: fc.integer({ min: 1, max: 8_000 }),
      egressBytes: fc.integer({ min: 0, max: 1e14 }),
      disk: fc.integer({ min: 0, max: 1_000 }),
      egress: fc.integer({ min: 0, max: 200_000 }),
    })
    fc.assert(
      fc.property(cases, ({ billing, ms, rate, diskGiB, egressBytes, disk, egress }) => {
        const all = { ...billing, diskMicrosPerGibHour: disk, egressMicrosPerGib: egress }
        const theirs = billFor(
          {
            terms: { ...all, startsAt: 'launch' },
            microsPerHour: rate,
            diskGiB,
            launchedAt: morning,
            runningAt: null,
            endedAt: morning + ms,
            egressBytes,
          },
          Infinity,
        )
        const ours = meterRental(
          anAccount({
            offer: anOffer({ microsPerHour: rate, diskGiB, billing: terms(all) }),
            diskGiB,
            egressBytes,
            goneAt: morning + ms,
            receipt: aReceipt({ confirmedAt: morning + ms }),
          }),
          Infinity,
          reportingZone('UTC'),
        )
        expect(ours.totalMicros).toBe(theirs.billedMicros)
      }),
    )
  })

  it('is split over days and jobs to the micro-dollar and the millisecond, in every zone alike', () => {
    const use = fc.record({
      job: fc.constantFrom(jobA, jobB),
      from: lived,
      to: fc.option(lived, { nil: null }),
    })
    const cases = fc.record({
      start: starts,
      ms: fc.integer({ min: 0, max: 100 * hour }),
      billing: rules,
      rate,
      uses: fc.array(use, { maxLength: 3 }),
      billedMicros: fc.option(fc.integer({ min: 0, max: 1e9 }), { nil: null }),
      egressBytes: fc.integer({ min: 0, max: 1e12 }),
    })
    fc.assert(
      fc.property(cases, ({ start, ms, billing, rate, uses, billedMicros, egressBytes }) => {
        const account = anAccount({
          offer: anOffer({
            microsPerHour: rate,
            billing: terms({ ...billing, diskMicrosPerGibHour: 11, egressMicrosPerGib: 90_001 }),
          }),
          launchedAt: start,
          goneAt: start + ms,
          receipt: aReceipt({ confirmedAt: start + ms, billedMicros }),
          egressBytes,
          allocations: uses.map(({ job, from, to }) =>
            allocation(job, start + from, to === null ? null : start + Math.max(from, to)),
          ),
        })
        const totals = zones.map((zone) => {
          const { entries, totalMicros, meteredMicros, billedMs } = meterRental(
            account,
            Infinity,
            zone,
          )
          const sum = (of: (entry: (typeof entries)[number]) => number): number =>
            entries.reduce((total, entry) => total + of(entry), 0)
          expect(sum(({ micros }) => micros)).toBe(totalMicros)
          expect(sum((entry) => entry.meteredMicros)).toBe(meteredMicros)
          expect(sum((entry) => entry.billedMs)).toBe(billedMs)
          for (const { from, to, micros } of entries) {
            expect(micros).toBeGreaterThanOrEqual(0)
            expect(from).toBeGreaterThanOrEqual(start)
            expect(to).toBeLessThanOrEqual(start + ms)
            if (to > from) expect(zone.dayOf(to - 1)).toBe(zone.dayOf(from))
          }
          return totalMicros
        })
        expect(new Set(totals).size).toBe(1)
      }),
      { numRuns: 40 },
    )
  })
})
