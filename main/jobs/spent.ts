import type { JobRecord } from '../domain/job/record.ts'
import type { Journal } from './journal/journal.ts'
import type { Books } from './ports.ts'

/** What the attempts before this one have cost, in micro-dollars. */
export function spentBefore(
  job: JobRecord,
  attemptId: string,
  { journal, books }: { readonly journal: Journal; readonly books: Books },
): number {
  const current = job.attempts.find((one) => one.id === attemptId)
  const earlier = new Set(
    job.attempts
      .filter((one) => one.id !== attemptId && one.rentalId !== current?.rentalId)
      .map((one) => one.rentalId),
  )
  return [...earlier].reduce(
    (sum, rentalId) => sum + books.costMicros(journal.rental(rentalId), job.id),
    0,
  )
}
