import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reportingZone } from '../../../main/domain/reporting-day.ts'
import { costSoFar, meterRental } from '../../../main/ledger/meter.ts'
import { anOffer, terms } from '../domain/an-offer.ts'
import { aReceipt, allocation, anAccount, hour, jobA, jobB, morning } from './an-account.ts'

const berlin = reportingZone('Europe/Berlin')
const lines = (metered: ReturnType<typeof meterRental>): unknown[] =>
  metered.entries.map((entry) => [entry.part, entry.jobId, entry.micros])

describe('the meter', () => {
  it('estimates while a rental lives', () => {
    const metered = meterRental(anAccount(), morning + hour / 2, berlin)
    expect(metered).toMatchObject({ status: 'estimated', totalMicros: 1_000_000, driftMicros: 0 })
    expect(metered.entries).toMatchObject([
      { part: 'compute', jobId: jobA, micros: 1_000_000, estimateMicros: 1_500_000, gpu: 'H100' },
    ])
    expect(costSoFar(anAccount(), morning + hour / 2)).toBe(1_000_000)
  })

  it('meters by our own times when the provider says none, by its interval when it does', () => {
    const gone = anAccount({ goneAt: morning + hour, receipt: aReceipt() })
    expect(meterRental(gone, Infinity, berlin)).toMatchObject({
      status: 'metered',
      totalMicros: 2_000_000,
    })
    const receipt = aReceipt({ billedFrom: morning + 60_000, billedTo: morning + hour })
    const told = meterRental({ ...gone, receipt }, Infinity, berlin)
    expect(told).toMatchObject({ status: 'metered', totalMicros: 1_966_667 })
  })

  it('pays for a disk alone that came back after its receipt, and for no machine then', () => {
    const billing = terms({ diskMicrosPerGibHour: 1_000 })
    const account = anAccount({
      offer: anOffer({ billing }),
      diskGiB: 100,
      goneAt: morning + 11 * hour,
      machineGoneAt: morning + hour,
      receipt: aReceipt({ confirmedAt: morning + 11 * hour }),
      allocations: [allocation(jobA, morning, morning + hour)],
    })
    const metered = meterRental(account, Infinity, berlin)
    expect(metered).toMatchObject({ status: 'metered', totalMicros: 2_000_000 + 1_100_000 })
    expect(metered.billedMs).toBe(hour)
    expect(lines(metered)).toEqual([
      ['compute', jobA, 2_000_000],
      ['storage', jobA, 100_000],
      ['storage', null, 1_000_000],
    ])
    expect(costSoFar(account, Infinity)).toBe(metered.totalMicros)
    const told = aReceipt({ billedFrom: morning, billedTo: morning + 2 * hour })
    expect(meterRental({ ...account, receipt: told }, Infinity, berlin).billedMs).toBe(2 * hour)
  })

  it("takes the provider's amount as it is, and knows the drift", () => {
    const receipt = aReceipt({ billedMicros: 2_100_001 })
    const account = anAccount({ goneAt: morning + hour, receipt, egressBytes: 2 ** 30 })
    const offer = anOffer({ billing: terms({ egressMicrosPerGib: 90_000 }) })
    const metered = meterRental({ ...account, offer }, Infinity, berlin)
    expect(metered).toMatchObject({
      status: 'reconciled',
      totalMicros: 2_100_001,
      meteredMicros: 2_090_000,
      driftMicros: 10_001,
    })
    expect(metered.entries.map((entry) => entry.part)).toEqual(['compute', 'egress'])
  })

  it('charges warm time without a job as idle', () => {
    const account = anAccount({
      goneAt: morning + 3 * hour,
      receipt: aReceipt(),
      allocations: [
        allocation(jobA, morning, morning + hour),
        allocation(jobB, morning + 2 * hour, morning + 2.5 * hour),
      ],
    })
    expect(lines(meterRental(account, Infinity, berlin))).toEqual([
      ['compute', jobA, 2_000_000],
      ['idle', null, 3_000_000],
      ['compute', jobB, 1_000_000],
    ])
  })

  it('charges what the provider rounds up to the job, not as idle', () => {
    const receipt = aReceipt({
      confirmedAt: morning + hour / 2,
      billedFrom: morning,
      billedTo: morning + hour,
      billedMicros: 2_000_000,
    })
    const allocations = [allocation(jobA, morning, morning + hour / 2)]
    const metered = meterRental(anAccount({ receipt, allocations }), Infinity, berlin)
    expect(lines(metered)).toEqual([['compute', jobA, 2_000_000]])
    expect(metered.entries[0]?.to).toBe(morning + hour / 2)
  })

  it('costs nothing when the launch never took effect', () => {
    const receipt = aReceipt({ instanceId: null })
    const account = anAccount({ receipt, offer: anOffer({ billing: terms({ minimumMs: hour }) }) })
    expect(meterRental(account, morning, berlin)).toMatchObject({ entries: [], totalMicros: 0 })
    expect(costSoFar(account, morning)).toBe(0)
  })

  it('keeps a line for a machine that costs nothing', () => {
    const own = anOffer({ source: 'own', microsPerHour: 0 })
    expect(lines(meterRental(anAccount({ offer: own }), morning + hour, berlin))).toEqual([
      ['compute', jobA, 0],
    ])
  })

  it('adds up to the micro-dollar whatever the allocations, days and provider figures', () => {
    const time = fc.integer({ min: 0, max: 80 * hour })
    const use = fc.record({
      job: fc.constantFrom(jobA, jobB),
      from: time,
      to: fc.option(time, { nil: null }),
    })
    const cases = fc.record({
      lasted: time,
      uses: fc.array(use, { maxLength: 4 }),
      billedMicros: fc.option(fc.integer({ min: 0, max: 1e10 }), { nil: null }),
      egressBytes: fc.integer({ min: 0, max: 1e13 }),
      rate: fc.integer({ min: 0, max: 1e8 }),
      incrementMs: fc.constantFrom(1_000, 60_000, hour),
    })
    fc.assert(
      fc.property(cases, ({ lasted, uses, billedMicros, egressBytes, rate, incrementMs }) => {
        const billing = terms({
          incrementMs,
          minimumMs: 60_000,
          diskMicrosPerGibHour: 137,
          egressMicrosPerGib: 90_001,
        })
        const account = anAccount({
          offer: anOffer({ microsPerHour: rate, billing }),
          goneAt: morning + lasted,
          receipt: aReceipt({ billedMicros }),
          egressBytes,
          allocations: uses.map((one) =>
            allocation(one.job, morning + one.from, one.to === null ? null : morning + one.to),
          ),
        })
        const metered = meterRental(account, Infinity, berlin)
        const sum = metered.entries.reduce((total, entry) => total + entry.micros, 0)
        expect(sum).toBe(metered.totalMicros)
        expect(metered.totalMicros).toBe(billedMicros ?? metered.meteredMicros)
        expect(costSoFar(account, Infinity)).toBe(metered.totalMicros)
        expect(new Set(metered.entries.map((entry) => entry.id)).size).toBe(metered.entries.length)
        const estimates = metered.entries.filter((entry) => entry.estimateMicros !== null)
        expect(estimates).toHaveLength(1)
        const utc = meterRental(account, Infinity, reportingZone('UTC'))
        expect(utc.totalMicros).toBe(metered.totalMicros)
      }),
      { numRuns: 60 },
    )
  })
})
