import type { JobSpec } from '../../preload/contract/job-spec.ts'
import type { Offer } from '../../preload/contract/offer.ts'
import { SubletError } from '../domain/errors.ts'
import { explainNoOffer } from '../domain/explain-no-offer.ts'
import { offerFilter } from '../domain/offer-filter.ts'
import type { OfferSource } from './ports.ts'

/** Why nothing can be rented: accounts that did not answer, machines that are taken, or the wishes. */
export function nothingFits(
  all: readonly Offer[],
  sources: readonly OfferSource[],
  spec: JobSpec,
): SubletError {
  const failed = sources.filter((source) => !source.ok)
  const details = { sources: [...sources] }
  if (all.length === 0 && failed.length > 0) {
    return new SubletError('unavailable', failed.map((source) => source.sentence).join(' '), {
      details,
    })
  }
  const fits = offerFilter(spec.needs)
  return new SubletError(
    'no-offer',
    all.some((offer) => fits(offer))
      ? 'Nothing that fits has a machine free at the moment. Try again later, or relax what the job asks for.'
      : explainNoOffer(all, spec.needs),
    { details },
  )
}
