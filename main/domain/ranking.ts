import type { Offer } from '../../preload/contract/offer.ts'
import { expectedMicros } from './estimate.ts'
import type { JobSize } from './estimate.ts'

/**
 * Offers in the order in which a job tries them: by what finishing is expected to cost, then by
 * hourly price, then by id. Own machines stand where their rate puts them: at no rate they cost
 * nothing and come first. Simulated machines come after every real one, since they do no real
 * work; offers without capacity or quota come last. The query's `spot` is the filter's business.
 */
export function rankOffers(offers: readonly Offer[], job: JobSize): Offer[] {
  const ranked = offers.map((offer) => ({
    offer,
    group: (isUnavailable(offer) ? 2 : 0) + (offer.simulated ? 1 : 0),
    micros: expectedMicros(offer, job),
  }))
  ranked.sort(
    (a, b) =>
      a.group - b.group ||
      a.micros - b.micros ||
      a.offer.microsPerHour - b.offer.microsPerHour ||
      (a.offer.id < b.offer.id ? -1 : a.offer.id > b.offer.id ? 1 : 0),
  )
  return ranked.map((entry) => entry.offer)
}

/** Whether the provider itself says that a launch would fail. */
export function isUnavailable(offer: Offer): boolean {
  return offer.availability === 'none' || offer.availability === 'no-quota'
}
