import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import type { Journal } from '../jobs/journal/journal.ts'
import type { LedgerBooks } from '../jobs/ledger-books.ts'

export interface OpenParts {
  readonly journal: Journal
  readonly books: Pick<LedgerBooks, 'entries'>
}

/** What the rentals without receipt would be booked as now. */
export function openEntries({ journal, books }: OpenParts): LedgerEntry[] {
  return journal.openRentals().flatMap((rental) => books.entries(rental))
}
