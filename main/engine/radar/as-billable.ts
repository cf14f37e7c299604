import type { Billable } from '../../../preload/contract/rental.ts'
import type { RentalRecord } from '../../domain/rental/record.ts'

/** A machine that no list shows, as our journal has it: it may cost money all the same. */
export function asBillable(rental: RentalRecord): Billable {
  const { offer } = rental
  return {
    kind: 'machine',
    providerId: offer.providerId,
    accountId: rental.accountId,
    nativeId: rental.instanceId ?? '',
    name: rental.id,
    rentalId: rental.id,
    homeId: rental.homeId,
    state: rental.phase,
    region: offer.region,
    microsPerHour: offer.microsPerHour,
    createdAt: rental.launchedAt ?? rental.intendedAt,
  }
}
