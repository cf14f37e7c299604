import type { Refusal } from './refusals.ts'
import type { WireError } from '../../../preload/contract/errors.ts'
import type { JobSpec } from '../../../preload/contract/job-spec.ts'
import type { Ceiling } from '../../../preload/contract/ceiling.ts'
import type { Estimate } from '../../../preload/contract/estimate.ts'
import type { OutputsReport, TimelineEntry } from '../../../preload/contract/job.ts'
import type { JobState } from '../../../preload/contract/job-state.ts'
import type { Offer } from '../../../preload/contract/offer.ts'
import type { RentalId, StopVerdict } from '../../../preload/contract/rental.ts'
import type { Step, StopReason, Terms } from './events.ts'

/** One try of a job on one rental. */
export interface AttemptRecord {
  readonly id: string
  readonly rentalId: RentalId
  readonly offer: Offer
  readonly plan: readonly Step[]
  readonly estimate: Estimate
  readonly warm: boolean
  readonly beganAt: number
  readonly connectedAt: number | null
  readonly stagedAt: number | null
  /** The machine's clock when the inputs were in place, in seconds. */
  readonly inputsCompleteAtS: number | null
  readonly startedAt: number | null
  readonly exitedAt: number | null
  readonly collectedAt: number | null
  readonly releaseCalledAt: number | null
  readonly exitCode: number | null
  readonly inSetup: boolean
  readonly gpuIndices: readonly number[] | null
  readonly verdict: StopVerdict | null
  readonly keptWarmUntil: number | null
}

/** A job as the fold over its journal. Everything else that is shown derives from this. */
export interface JobRecord {
  readonly id: string
  readonly spec: JobSpec
  readonly ceiling: Ceiling
  readonly acceptsNoLease: boolean
  readonly state: JobState
  readonly submittedAt: number
  readonly endedAt: number | null
  readonly frozen: { readonly bytes: number; readonly files: number } | null
  readonly attempts: readonly AttemptRecord[]
  /** Launches that were refused, with what they rule out; not asked for again. */
  readonly refusals: readonly Refusal[]
  readonly interruptions: number
  readonly stop: {
    readonly reason: StopReason
    readonly discard: boolean
    /** It came when the job was over already: the machine goes at once, the outcome stays. */
    readonly late: boolean
    /** Which budget, and what was left of it; null where the reason says it all. */
    readonly sentence: string | null
  } | null
  readonly error: WireError | null
  readonly outputs: OutputsReport | null
  /** Its results wait in the bucket and are not home yet. */
  readonly inBucket: boolean
  readonly afterRan: boolean
  /** The last move of the end: from where, to when, and why it was taken back, if it was. */
  readonly extension: {
    readonly before: Terms
    readonly endBy: number
    readonly refused: string | null
  } | null
  /** The job whose frozen inputs it runs; null for its own. */
  readonly inputsOf: string | null
  readonly warnings: readonly string[]
  readonly timeline: readonly TimelineEntry[]
}

/** The attempt under way or the last one; null before the first. */
export function lastAttempt(job: JobRecord): AttemptRecord | null {
  return job.attempts.at(-1) ?? null
}
