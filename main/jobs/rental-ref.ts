import type { RentalRecord } from '../domain/rental/record.ts'
import type { RentalRef } from '../providers/provider.ts'

/** How providers find the rental. */
export function rentalRef(rental: RentalRecord): RentalRef {
  return {
    rentalId: rental.id,
    instanceId: rental.instanceId,
    // A refused launch needs no window in which it might still appear.
    launchedAt: rental.neverLaunched ? 0 : (rental.lastLaunchIssuedAt ?? rental.intendedAt),
    seen: rental.launchedAt !== null || rental.reachableAt !== null,
    region: rental.offer.region,
  }
}
