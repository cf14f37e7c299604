import type { JobSpec } from '../../preload/contract/job-spec.ts'
import { offerFilter } from '../domain/offer-filter.ts'
import { isWarm, type RentalRecord } from '../domain/rental/record.ts'
import type { Journal } from './journal/journal.ts'

/** Kept-warm rentals on which the job could run at once, cheapest first. */
export function warmRentals(
  journal: Journal,
  spec: JobSpec,
  maxMicrosPerHour: number,
  now: number,
): RentalRecord[] {
  const fits = offerFilter(spec.needs)
  return journal
    .openRentals()
    .filter(
      (rental) =>
        isWarm(rental, now) &&
        rental.offer.microsPerHour <= maxMicrosPerHour &&
        sameEnvironment(rental.environment, spec.environment) &&
        fits(rental.offer),
    )
    .sort((a, b) => a.offer.microsPerHour - b.offer.microsPerHour)
}

function sameEnvironment(a: JobSpec['environment'], b: JobSpec['environment']): boolean {
  if (a.kind === 'machine' || b.kind === 'machine') return a.kind === b.kind
  return a.image === b.image
}
