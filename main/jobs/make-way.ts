import { holderOfMoney } from './budget-rentals.ts'
import type { Room } from './room.ts'
import type { Journal, JournalWrite } from './journal/journal.ts'
import { leaseMoved } from './lease-moved.ts'

/**
 * What is journaled with a plan to rent, for the machines that share its budget: they end sooner
 * from then on. One that no job has goes at once: nobody would tell it a sooner end, and the launch
 * would wait for that.
 */
export function makeWay(
  { others }: Pick<Room, 'others'>,
  journal: Pick<Journal, 'rental'>,
): JournalWrite[] {
  return others.map(({ rentalId, endBy, because }) => ({
    rental: rentalId,
    event:
      holderOfMoney(journal.rental(rentalId)) === null
        ? { kind: 'release-intended', because: 'Another job needs the money that it would cost.' }
        : leaseMoved(endBy, because),
  }))
}
