import type { RentalRecord } from '../domain/rental/record.ts'
import type { UsefulSpan } from '../ledger/rental-account.ts'
import type { Journal } from './journal/journal.ts'

/** When the programs of the jobs that used a rental ran on it, as the journal says. */
export function usefulSpans(journal: Journal, rental: RentalRecord): UsefulSpan[] {
  const jobIds = new Set(rental.allocations.map((one) => one.jobId))
  return [...jobIds].flatMap((jobId) =>
    journal
      .job(jobId)
      .attempts.flatMap((attempt) =>
        attempt.rentalId === rental.id && attempt.startedAt !== null
          ? [{ jobId, from: attempt.startedAt, to: attempt.exitedAt }]
          : [],
      ),
  )
}
