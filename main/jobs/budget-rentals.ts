import type { Allocation, RentalRecord } from '../domain/rental/record.ts'
import type { SharedRental } from '../domain/spend-share.ts'
import { downloadBytesGuess } from './job-size.ts'

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
export function sharedRental(rental: RentalRecord, now: number): SharedRental {
  const { offer, diskGiB, billedFrom, launchIssuedAt, egressBytes } = rental
  return {
    id: rental.id,
    offer: { ...offer, diskGiB },
    // Before the provider has said it, it may be as early as the first call.
    billedFrom: billedFrom ?? launchIssuedAt ?? now,
    egressBytes: Math.max(egressBytes, downloadBytesGuess),
    least: now,
    most: committedEnd(rental, now),
  }
}
