import type { JobDetail } from '../../../preload/contract/job.ts'
import { billedMs } from '../../domain/billing.ts'
import { lastAttempt, type JobRecord } from '../../domain/job/record.ts'
import { receiptsOf } from '../../domain/rental/receipts.ts'
import type { RentalRecord } from '../../domain/rental/record.ts'
import { collectionNow } from '../collection.ts'
import { rentalsOf, summaryOf, type ViewDeps } from './summary.ts'

/** Everything that `sublet show` and the job page say about one job. */
export function detailOf(job: JobRecord, deps: ViewDeps): JobDetail {
  const attempt = lastAttempt(job)
  const rentals = rentalsOf(job, deps.journal)
  return {
    summary: summaryOf(job, deps),
    spec: job.spec,
    ceiling: job.ceiling,
    estimate: attempt?.estimate ?? null,
    verdict: rentals.at(-1)?.verdict ?? attempt?.verdict ?? null,
    hostKey: rentals.at(-1)?.hostKey ?? null,
    timeline: [...job.timeline],
    attempts: job.attempts.map((one) => ({
      id: one.id,
      rentalId: one.rentalId,
      offerId: one.offer.id,
      startedAt: one.beganAt,
      exitCode: one.exitCode,
      gpuIndices: one.gpuIndices === null ? null : [...one.gpuIndices],
    })),
    overhead: overheadOf(job, rentals.at(-1)),
    outputs: job.outputs,
    receipts: rentals.flatMap((rental) => receiptsOf(rental)),
    warnings: [...job.warnings],
    inputsOf: job.inputsOf,
    collection: collectionNow(deps, job),
  }
}

function overheadOf(job: JobRecord, rental: RentalRecord | undefined): JobDetail['overhead'] {
  const attempt = lastAttempt(job)
  if (attempt === null || rental === undefined) {
    return { reachableToStartedMs: null, verifiedToReleaseMs: null, usefulMs: null, billedMs: null }
  }
  const reachableAt = attempt.warm ? attempt.beganAt : rental.reachableAt
  const billed =
    rental.receipt?.billedFrom == null || rental.receipt.billedTo === null
      ? null
      : billedMs(rental.offer.billing, rental.receipt.billedFrom, rental.receipt.billedTo)
  return {
    reachableToStartedMs: span(reachableAt, attempt.startedAt),
    verifiedToReleaseMs: span(attempt.collectedAt, attempt.releaseCalledAt),
    usefulMs: span(attempt.startedAt, attempt.exitedAt),
    billedMs: billed,
  }
}

function span(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, to - from)
}
