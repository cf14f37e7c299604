import type { Collection } from '../../preload/contract/collection.ts'
import type { Estimate } from '../../preload/contract/estimate.ts'
import type { Offer } from '../../preload/contract/offer.ts'
import { cost } from './billing.ts'
import { formatBytes, formatDuration, formatMicros, formatMicrosPerHour } from './format.ts'
import { micros } from './money.ts'

/** What is known about a job before it runs. */
export interface JobSize {
  readonly uploadBytes: number
  readonly downloadBytesGuess: number
  /** What that rests on; assumed when absent. */
  readonly resultsFrom?: Collection['sizeFrom']
  /** From earlier runs of this job; null when there is none. */
  readonly expectedRunMs: number | null
  readonly maxDurationMs: number | null
  readonly budgetMicros: number | null
  /** Measured before on this connection; null to assume. */
  readonly bytesPerSecond: number | null
  /** True for a kept-warm machine: no boot, and the set-up is there. */
  readonly warm: boolean
  /** How many GPUs the job uses; more in the machine make it no faster. 1 when absent. */
  readonly gpusUsed?: number
}

/** Without a measurement: a home or office line, sending. */
export const assumedBytesPerSecond = 20_000_000
/** Without an earlier run and without a limit. */
const assumedRunMs = 3_600_000
/** How long a job of unknown length may take at most, when nothing limits it. */
const longestRunMs = 24 * 3_600_000
const setupMs = { low: 3_000, expected: 20_000, high: 300_000 } as const
const teardownMs = 5_000

type Level = 'low' | 'expected' | 'high'
const factors = {
  low: { boot: 0.7, speed: 2, run: 0.85 },
  expected: { boot: 1, speed: 1, run: 1 },
  high: { boot: 2, speed: 0.4, run: 1.3 },
} as const

/** The time a job occupies a machine, in whole milliseconds, at one level of confidence. */
export function occupiedMs(offer: Offer, job: JobSize, level: Level = 'expected'): number {
  const factor = factors[level]
  const speed = (job.bytesPerSecond ?? assumedBytesPerSecond) * factor.speed
  const transferMs = ((job.uploadBytes + job.downloadBytesGuess) / speed) * 1_000
  const startMs = job.warm ? 0 : offer.expectedBootMs * factor.boot + setupMs[level]
  return Math.ceil(startMs + transferMs + runMs(job, level) + teardownMs)
}

/** What finishing is expected to cost on an offer: the figure that ranking goes by. */
export function expectedMicros(offer: Offer, job: JobSize): number {
  return bill(offer, job, 'expected').totalMicros
}

/** What finishing costs on an offer, low to high, with the reasons in plain sentences. */
export function estimate(offer: Offer, job: JobSize): Estimate {
  const expected = bill(offer, job, 'expected')
  const low = bill(offer, job, 'low').totalMicros
  const dearest = bill(offer, job, 'high').totalMicros
  const capped = Math.min(dearest, job.budgetMicros ?? dearest)
  const occupied = occupiedMs(offer, job)
  const billed = formatDuration(expected.billedMs)
  const parts = [
    {
      part: 'compute' as const,
      micros: expected.computeMicros,
      because: `${billed} at ${formatMicrosPerHour(offer.microsPerHour)}`,
    },
    {
      part: 'storage' as const,
      micros: expected.storageMicros,
      because: `${offer.diskGiB} GiB of disk for ${billed}`,
    },
    {
      part: 'egress' as const,
      micros: expected.egressMicros,
      because: `${formatBytes(job.downloadBytesGuess)} of results`,
    },
  ]
  return {
    lowMicros: low,
    expectedMicros: expected.totalMicros,
    highMicros: micros(Math.max(expected.totalMicros, capped)),
    expectedDurationMs: occupied,
    runKnown: job.expectedRunMs !== null,
    results: { bytes: job.downloadBytesGuess, sizeFrom: job.resultsFrom ?? 'assumed' },
    parts: parts.filter((part) => part.part === 'compute' || part.micros > 0),
    reasons: reasons(offer, job, expected.billedMs - occupied, expected.totalMicros),
  }
}

function bill(offer: Offer, job: JobSize, level: Level): ReturnType<typeof cost> {
  const occupied = occupiedMs(offer, job, level)
  const { billing, microsPerHour, diskGiB } = offer
  const unbilled = billing.startsAt === 'running' && !job.warm ? offer.expectedBootMs : 0
  const from = Math.min(unbilled, occupied)
  return cost(billing, microsPerHour, diskGiB, job.downloadBytesGuess, from, occupied)
}

/** How long the job itself is expected to run: as before, or an assumption. */
export function expectedRunMs(job: JobSize): number {
  return runMs(job, 'expected')
}

function runMs(job: JobSize, level: Level): number {
  const limit = job.maxDurationMs ?? longestRunMs
  if (job.expectedRunMs !== null) return Math.min(limit, job.expectedRunMs * factors[level].run)
  if (level === 'low') return Math.min(limit, 60_000)
  return level === 'high' ? limit : Math.min(limit, assumedRunMs)
}

function reasons(offer: Offer, job: JobSize, roundedMs: number, expected: number): string[] {
  const list: string[] = []
  if (job.warm) list.push('The machine is already running, so there is no boot to pay.')
  else list.push(`Booting takes about ${formatDuration(offer.expectedBootMs)}.`)
  const bytes = job.uploadBytes + job.downloadBytesGuess
  const speed = job.bytesPerSecond ?? assumedBytesPerSecond
  if (bytes > 0) {
    const how = job.bytesPerSecond === null ? 'an assumed' : 'the measured'
    const time = formatDuration((bytes / speed) * 1_000)
    list.push(`Moving ${formatBytes(bytes)} takes about ${time} at ${how} ${formatBytes(speed)}/s.`)
  }
  list.push(runReason(job))
  if (roundedMs > 1_000) {
    list.push(`The provider's rounding adds ${formatDuration(roundedMs)} to what is billed.`)
  }
  if (job.budgetMicros !== null && expected > job.budgetMicros) {
    list.push(
      `The budget of ${formatMicros(job.budgetMicros)} is likely to end the job before it is done.`,
    )
  }
  if (offer.spot) list.push('A spot machine can be taken back, which costs a second start.')
  return list
}

function runReason(job: JobSize): string {
  const { expectedRunMs: known, maxDurationMs: limit } = job
  if (known === null) {
    const assumed = formatDuration(runMs(job, 'expected'))
    const most = formatDuration(runMs(job, 'high'))
    return `The run time is unknown: no earlier run of this job; ${assumed} assumed, ${most} at most.`
  }
  if (limit !== null && known > limit) {
    return `Earlier runs took ${formatDuration(known)}, but the maximum duration ends it after ${formatDuration(limit)}.`
  }
  return `Earlier runs took ${formatDuration(known)}.`
}
