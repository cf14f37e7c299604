import type { Allocation, RentalRecord } from '../domain/rental/record.ts'
import type { SharedRental } from '../domain/spend-share.ts'
import { lastAttempt, type JobRecord } from '../domain/job/record.ts'
import { collectionOf } from '../domain/collection.ts'
import { collectionNow, type CollectionNowDeps } from './collection.ts'
import { downloadBytesGuess, jobNeeds } from './job-size.ts'

/** The job that pays for a machine now; null while nobody does. */
export function holderOfMoney(rental: RentalRecord): Allocation | null {
  return rental.allocations.findLast(({ to }) => to === null) ?? null
}

/**
 * From when a machine counts towards the budget of its project: one that was taken over, or is about
 * to be, from then on, since what earlier jobs cost is in the books by their own projects.
 */
export function countsToProjectFrom(rental: RentalRecord, now: number): number {
  const holder = holderOfMoney(rental)
  if (holder === null) return rental.allocations.length === 0 ? 0 : now
  return rental.allocations.length > 1 ? holder.from : 0
}

/** Until when a machine may cost money as things stand: also what it was told before counts. */
export function committedEnd(rental: RentalRecord, now: number): number {
  if (rental.phase === 'releasing') return now
  return Math.max(now, rental.endBy, rental.leasedUntil ?? 0)
}

/** A machine as budgets see it; its end may be anything. */
export function sharedRental(
  rental: RentalRecord,
  deps: CollectionNowDeps,
  now: number,
): SharedRental {
  const { offer, diskGiB, billedFrom, launchIssuedAt } = rental
  return {
    id: rental.id,
    offer: { ...offer, diskGiB },
    // Before the provider has said it, it may be as early as the first call.
    billedFrom: billedFrom ?? launchIssuedAt ?? now,
    egressBytes: expectedEgress(rental, deps),
    least: now,
    most: committedEnd(rental, now),
  }
}

/**
 * What it sends in all: what was measured and what is still to come, at least what its job's results
 * were expected to be.
 */
export function expectedEgress(rental: RentalRecord, deps: CollectionNowDeps): number {
  const holder = holderOfMoney(rental)
  const job = holder === null ? null : deps.journal.job(holder.jobId)
  const attempt = job === null ? null : lastAttempt(job)
  const least = attempt?.estimate.results?.bytes ?? downloadBytesGuess
  if (job === null || attempt === null || attempt.rentalId !== rental.id) {
    return Math.max(rental.egressBytes, least)
  }
  const uncounted = deps.feed.weightOf(job.id, attempt.id)?.uncountedBytes ?? 0
  const toCome = collectionNow(deps, job)?.bytes ?? 0
  return Math.max(rental.egressBytes + uncounted + toCome, least)
}

/** Beyond grace and collection, for the machine to hear of it. */
const noticeMs = 60_000

const bytesPerGiB = 2 ** 30

/**
 * Until when a job that runs is let go on whatever others want: its results come home in order, at
 * the speed of the line. A machine may claim any size, so that more than its disk is not believed.
 */
export function endsInOrder(
  job: JobRecord,
  rental: RentalRecord,
  deps: CollectionNowDeps,
  now: number,
): number {
  if (job.state !== 'running' && job.state !== 'collecting') return now
  const { limits, collectMs } = jobNeeds(
    job.spec,
    job.frozen?.bytes ?? 0,
    believed(job, rental, deps),
  )
  const graceMs = job.state === 'running' ? limits.graceMs : 0
  return now + graceMs + collectMs + noticeMs
}

function believed(job: JobRecord, rental: RentalRecord, deps: CollectionNowDeps) {
  const collection = collectionNow(deps, job)
  if (collection === null) return undefined
  const bytes = Math.min(collection.bytes, rental.diskGiB * bytesPerGiB)
  const { sizeFrom, bytesPerSecond } = collection
  return collectionOf(rental.offer, { bytes, sizeFrom, bytesPerSecond })
}

/** What a job keeps when another one wants a share of its budget: the time that it was expected to take. */
export function keepsUntil(
  job: JobRecord,
  rental: RentalRecord,
  deps: CollectionNowDeps,
  now: number,
): number {
  const attempt = lastAttempt(job)
  const expected =
    attempt === null ? now : Math.ceil(attempt.beganAt + attempt.estimate.expectedDurationMs)
  return Math.max(endsInOrder(job, rental, deps, now), expected)
}
