import type { RentalRecord } from '../domain/rental/record.ts'
import type { RentalRef } from '../providers/provider.ts'

/**
 * A provider acts on a call of `launch` within this time, though nobody listens to its answer any
 * more. Beyond what providers are given to answer.
 */
const longestCallMs = 30_000

/** How providers find the rental. */
export function rentalRef(rental: RentalRecord): RentalRef {
  return {
    rentalId: rental.id,
    instanceId: rental.instanceId,
    // A refused launch needs no window in which it might still appear.
    launchedAt: rental.neverLaunched ? 0 : launchEffectBy(rental),
    // An answer to `launch` does not mean that the provider's lists show it already.
    seen: rental.reachableAt !== null,
    region: rental.offer.region,
  }
}

/** When the last call of `launch` had its effect at the latest; shown within `visibleWithinMs` of it. */
export function launchEffectBy(rental: RentalRecord): number {
  const { intendedAt, lastLaunchIssuedAt, launchedAt, launchOpen } = rental
  const calledAt = lastLaunchIssuedAt ?? intendedAt
  return Math.max(calledAt + (launchOpen ? longestCallMs : 0), launchedAt ?? 0)
}
