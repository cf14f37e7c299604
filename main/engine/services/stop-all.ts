import { releaseUnlessInUse } from '../../jobs/rental-holder.ts'
import type { ServiceParts } from './context.ts'

/** Every job stops; rentals that no job holds (kept warm) go back too. Ours only. */
export function stopAll(parts: ServiceParts, discard: boolean): { jobs: number; rentals: number } {
  const { journal, desk } = parts
  const jobs = journal.openJobs()
  for (const job of jobs) desk.requestStop(job.id, discard)
  const rentals = journal.openRentals()
  for (const { id } of rentals) releaseUnlessInUse(journal, id, 'You stopped everything.')
  return { jobs: jobs.length, rentals: rentals.length }
}
