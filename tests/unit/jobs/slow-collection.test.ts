import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lastAttempt } from '../../../main/domain/job/record.ts'
import { LinePace } from '../../../main/jobs/line-pace.ts'
import type { StepContext } from '../../../main/jobs/steps/context.ts'
import { whenToStop } from '../../../main/jobs/when-to-stop.ts'
import { ProgressMeter, type Progress } from '../../../main/transfer/progress.ts'
import { now } from '../../support/fake-facts.ts'
import { submitted } from '../../support/job-events.ts'
import { hourMs, moneyRig, type MoneyRig } from '../../support/money-rig.ts'
import { anOffer } from '../domain/an-offer.ts'

const jobId = 'job-01k9zzzzzzzzzzzzzzzzzzzzzz'
const rentalId = 'sublet-01k9zzzzzzzzzzzzzzzzzzzzzz'
const { graceMs } = submitted.spec.limits

let rig: MoneyRig
beforeEach(() => {
  rig = moneyRig()
})
afterEach(() => rig.close())

/** Only what deciding on the end asks for. */
function context(): StepContext {
  const { journal } = rig
  return {
    ...rig,
    books: { settle: () => undefined, costMicros: () => 0 },
    job: () => journal.job(jobId),
    attempt: () => lastAttempt(journal.job(jobId)),
    rental: () => journal.rental(rentalId),
  } as unknown as StepContext
}

describe('a slow line home', () => {
  it('always leaves the time that the results then need, or stops the job at once', () => {
    rig.run({ jobId, rentalId }, anOffer({ expectedBootMs: 0 }), now + 2 * hourMs)
    const { endBy } = rig.journal.rental(rentalId)
    const startedAt = lastAttempt(rig.journal.job(jobId))?.startedAt ?? 0
    const bytes = fc.integer({ min: 0, max: 100_000_000_000 })
    const speed = fc.integer({ min: 20_000, max: 200_000_000 })
    fc.assert(
      fc.property(bytes, speed, (missing, bytesPerSecond) => {
        rig.measured = bytesPerSecond
        rig.weigh(jobId, missing, missing)
        const { at } = whenToStop(context())
        const homeAt = at + graceMs + (missing / bytesPerSecond) * 1_000
        expect(at === startedAt || homeAt <= endBy).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('is known while the first results still come, not only when they are home', () => {
    let nowMs = 0
    const learnt: number[] = []
    const pace = new LinePace(
      (bytes, ms) => learnt.push((bytes / ms) * 1_000),
      () => nowMs,
    )
    pace.travelled(0)
    for (let second = 1; second <= 60; second += 1) {
      nowMs += 1_000
      pace.travelled(second * 500_000)
    }
    expect(learnt.length).toBeGreaterThan(5)
    expect(new Set(learnt)).toEqual(new Set([500_000]))
  })

  it('is not measured across two transfers', () => {
    let nowMs = 0
    const learnt: number[] = []
    const pace = new LinePace(
      (bytes) => learnt.push(bytes),
      () => nowMs,
    )
    nowMs += 60_000
    pace.travelled(50_000_000)
    nowMs += 60_000
    pace.travelled(1_000_000)
    nowMs += 60_000
    pace.travelled(6_000_000)
    expect(learnt).toEqual([50_000_000, 5_000_000])
  })

  it('is measured by what crosses it, not by what an earlier transfer had brought', () => {
    const told: Progress[] = []
    const meter = new ProgressMeter(100, 2, (progress) => told.push(progress))
    meter.addBefore(60, 1)
    meter.add(30)
    meter.finish()
    expect(told.at(-1)).toMatchObject({ bytesDone: 90, bytesTravelled: 30, filesDone: 1 })
  })
})
