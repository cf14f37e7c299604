import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import type { LedgerBooks } from '../jobs/ledger-books.ts'
import type { ServiceParts } from './services/context.ts'

export interface OpenParts extends Pick<ServiceParts, 'journal'> {
  readonly books: Pick<LedgerBooks, 'entries'>
}

/** What the rentals without receipt would be booked as now. */
export function openEntries({ journal, books }: OpenParts): LedgerEntry[] {
  return journal.openRentals().flatMap((rental) => books.entries(rental))
}
