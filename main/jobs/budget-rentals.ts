import type { Allocation, RentalRecord } from '../domain/rental/record.ts'
import type { SharedRental } from '../domain/spend-share.ts'
import { lastAttempt, type JobRecord } from '../domain/job/record.ts'
import type { Journal } from './journal/journal.ts'
import { downloadBytesGuess, jobNeeds } from './job-size.ts'

/** The job that pays for a machine now; null while nobody does. */
export function holderOfMoney(rental: RentalRecord): Allocation | null {
  return rental.allocations.findLast(({ to }) => to === null) ?? null
}

/** Until when a machine may cost money as things stand: also what it was told before counts. */
export function committedEnd(rental: RentalRecord, now: number): number {
  if (rental.phase === 'releasing') return now
  return Math.max(now, rental.endBy, rental.leasedUntil ?? 0)
}

/** A machine as budgets see it; its end may be anything. */
export function sharedRental(rental: RentalRecord, journal: Journal, now: number): SharedRental {
  const { offer, diskGiB, billedFrom, launchIssuedAt } = rental
  return {
    id: rental.id,
    offer: { ...offer, diskGiB },
    // Before the provider has said it, it may be as early as the first call.
    billedFrom: billedFrom ?? launchIssuedAt ?? now,
    egressBytes: expectedEgress(rental, journal),
    least: now,
    most: committedEnd(rental, now),
  }
}

/** What it sends in all: what was measured, at least what its job's results are expected to be. */
export function expectedEgress(rental: RentalRecord, journal: Journal): number {
  const holder = holderOfMoney(rental)
  const attempt = holder === null ? null : lastAttempt(journal.job(holder.jobId))
  return Math.max(rental.egressBytes, attempt?.estimate.results?.bytes ?? downloadBytesGuess)
}

/** Beyond grace and collection, for the machine to hear of it. */
const noticeMs = 60_000

/** Until when a job that runs is let go on whatever others want: its results come home in order. */
export function endsInOrder(job: JobRecord, now: number): number {
  if (job.state !== 'running' && job.state !== 'collecting') return now
  const { limits, collectMs } = jobNeeds(job.spec, job.frozen?.bytes ?? 0)
  return now + limits.graceMs + collectMs + noticeMs
}

/** What a job keeps when another one wants a share of its budget: the time that it was expected to take. */
export function keepsUntil(job: JobRecord, now: number): number {
  const attempt = lastAttempt(job)
  const expected =
    attempt === null ? now : Math.ceil(attempt.beganAt + attempt.estimate.expectedDurationMs)
  return Math.max(endsInOrder(job, now), expected)
}
