import type { RentalId } from '../../preload/contract/rental.ts'
import { lastAttempt, type JobRecord } from '../domain/job/record.ts'
import { holdsRental } from '../domain/job/holds-rental.ts'
import type { Journal } from './journal/journal.ts'

/** The job whose machine it is now: its last attempt is on it and has not given it back. */
export function holderOf(journal: Pick<Journal, 'openJobs'>, id: RentalId): JobRecord | null {
  const holds = (job: JobRecord): boolean => lastAttempt(job)?.rentalId === id && holdsRental(job)
  return journal.openJobs().find(holds) ?? null
}

/**
 * Journals that the user wants a machine gone. A job that still works on it has to be stopped, and
 * then gives it back itself; one that is giving it back already must not keep it warm.
 */
export function releaseUnlessInUse(journal: Journal, id: RentalId, because: string): void {
  const { phase } = journal.rental(id)
  if (phase === 'releasing' || phase === 'released') return
  const holder = holderOf(journal, id)
  if (holder !== null && holder.state !== 'releasing') return
  journal.append({ rental: id, event: { kind: 'release-intended', because } })
}
