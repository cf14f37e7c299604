import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import type { Journal } from '../jobs/journal/journal.ts'
import type { LedgerBooks } from '../jobs/ledger-books.ts'

export interface OpenParts {
  readonly journal: Journal
  readonly books: Pick<LedgerBooks, 'entries'>
}

/**
 * What the rentals without receipt would be booked as now. One that came back after its receipt is
 * booked already: its further cost is booked with its next receipt, and never twice.
 */
export function openEntries({ journal, books }: OpenParts): LedgerEntry[] {
  return journal
    .openRentals()
    .filter(({ earlierReceipts }) => earlierReceipts.length === 0)
    .flatMap((rental) => books.entries(rental))
}
