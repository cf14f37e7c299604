import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import type { ServiceParts } from './services/context.ts'

/** What the rentals without receipt would be booked as now. */
export function openEntries({
  journal,
  books,
}: Pick<ServiceParts, 'journal' | 'books'>): LedgerEntry[] {
  return journal.openRentals().flatMap((rental) => books.entries(rental))
}
