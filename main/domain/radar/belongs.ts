import type { Billable } from '../../../preload/contract/rental.ts'
import type { RentalRecord } from '../rental/record.ts'

type Known = Pick<RentalRecord, 'id' | 'instanceId'>

/**
 * Whether a thing that carries a rental's name is the rental's own, and not of a copy of its
 * machine. Before the provider's id is known the name decides, and afterwards the id.
 */
export function isOfRental(
  one: Pick<Billable, 'rentalId' | 'kind' | 'nativeId' | 'belongsTo'>,
  rental: Known,
): boolean {
  if (one.rentalId !== rental.id) return false
  if (rental.instanceId === null) return true
  if (one.kind === 'machine') return one.nativeId === rental.instanceId
  return one.belongsTo == null || one.belongsTo === rental.instanceId
}

/** What comes back after its receipt is journaled once: that the machine is there counts most. */
export function machinesFirst<T extends Pick<Billable, 'kind'>>(rows: readonly T[]): T[] {
  return rows.toSorted((a, b) => Number(b.kind === 'machine') - Number(a.kind === 'machine'))
}
