import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimate } from '../../../main/domain/estimate.ts'
import type { JobSize } from '../../../main/domain/estimate.ts'
import { rankOffers } from '../../../main/domain/ranking.ts'
import { anOffer, terms } from './an-offer.ts'

const job: JobSize = {
  uploadBytes: 2_000_000_000,
  downloadBytesGuess: 0,
  expectedRunMs: 1_800_000,
  maxDurationMs: null,
  budgetMicros: null,
  bytesPerSecond: null,
  warm: false,
}
const ids = (offers: readonly { id: string }[]): string[] =>
  offers.map((offer) => offer.id.split(':')[2] ?? '')

describe('estimate', () => {
  it('adds boot, transfer, set-up, run and teardown', () => {
    const found = estimate(anOffer(), job)
    expect(found.expectedDurationMs).toBe(60_000 + 20_000 + 100_000 + 1_800_000 + 5_000)
    expect(found.expectedMicros).toBe(1_102_778)
    expect(found.reasons).toContain('Moving 2 GB takes about 1 min 40 s at an assumed 20 MB/s.')
    expect(found.reasons).toContain('Earlier runs took 30 min.')
  })

  it('says that the run time is unknown, and what it assumes', () => {
    const found = estimate(anOffer(), { ...job, expectedRunMs: null, maxDurationMs: 7_200_000 })
    expect(found.reasons.join(' ')).toContain('1 h assumed, 2 h at most')
    expect(found.highMicros).toBeGreaterThan(4_000_000)
  })

  it('counts rounding, and warns when the budget will not do', () => {
    const hourly = anOffer({ billing: terms({ incrementMs: 3_600_000, minimumMs: 3_600_000 }) })
    const found = estimate(hourly, { ...job, budgetMicros: 1_000_000 })
    expect(found.expectedMicros).toBe(2_000_000)
    expect(found.reasons.join(' ')).toContain('rounding adds 26 min 55 s')
    expect(found.reasons.join(' ')).toContain('budget of $1.00 is likely')
  })

  it('stays in order and adds up, whatever the job', () => {
    const bytes = fc.integer({ min: 0, max: 1e12 })
    const maybe = fc.option(fc.integer({ min: 1, max: 1e9 }), { nil: null })
    const sizes: fc.Arbitrary<JobSize> = fc.record({
      uploadBytes: bytes,
      downloadBytesGuess: bytes,
      expectedRunMs: maybe,
      maxDurationMs: maybe,
      budgetMicros: maybe,
      bytesPerSecond: maybe,
      warm: fc.boolean(),
    })
    const offer = anOffer({
      billing: terms({ diskMicrosPerGibHour: 90, egressMicrosPerGib: 80_000, startsAt: 'running' }),
    })
    fc.assert(
      fc.property(sizes, (size) => {
        const found = estimate(offer, size)
        expect(found.lowMicros).toBeLessThanOrEqual(found.expectedMicros)
        expect(found.expectedMicros).toBeLessThanOrEqual(found.highMicros)
        const sum = found.parts.reduce((total, part) => total + part.micros, 0)
        expect(sum).toBe(found.expectedMicros)
      }),
    )
  })
})

describe('ranking', () => {
  it('goes by cost to finish, not by hourly price', () => {
    const slow = anOffer({ machineType: 'slow', microsPerHour: 1_900_000, expectedBootMs: 900_000 })
    expect(ids(rankOffers([slow, anOffer({ machineType: 'fast' })], job))).toEqual(['fast', 'slow'])
  })

  it('puts own free machines first, simulated behind real, unavailable last', () => {
    const ranked = rankOffers(
      [
        anOffer({ machineType: 'full', availability: 'none', microsPerHour: 1 }),
        anOffer({ machineType: 'practice', simulated: true, microsPerHour: 1_000 }),
        anOffer({ machineType: 'b' }),
        anOffer({ machineType: 'a' }),
        anOffer({ machineType: 'own', source: 'own', microsPerHour: 0 }),
      ],
      job,
    )
    expect(ids(ranked)).toEqual(['own', 'a', 'b', 'practice', 'full'])
  })
})
