import type { Offer } from '../../preload/contract/offer.ts'
import { SubletError } from '../domain/errors.ts'
import { explainNoOffer } from '../domain/explain-no-offer.ts'
import { formatMicros, formatMicrosPerHour } from '../domain/format.ts'
import type { JobRecord } from '../domain/job/record.ts'
import { refusalScope } from '../domain/job/refusals.ts'
import type { OfferSource } from './ports.ts'

/** What a job has found when nothing is left for it to rent. */
export interface NothingLeft {
  readonly all: readonly Offer[]
  /** What fits its needs, whatever the price and whoever refused. */
  readonly fitting: readonly Offer[]
  readonly sources: readonly OfferSource[]
  /** Of the job's own budget; null where it has none. */
  readonly leftMicros: number | null
}

/** Says why nothing is left: a source that failed is worth another try, a wish is the user's. */
export function whyNoOffer(
  job: JobRecord,
  { all, fitting, sources, leftMicros }: NothingLeft,
): SubletError {
  if (leftMicros !== null && job.attempts.length > 0 && fitting.length > 0) {
    return new SubletError(
      'budget',
      `The ${formatMicros(leftMicros)} left of the budget does not pay for another machine.`,
    )
  }
  const failed = sources.filter((source) => !source.ok)
  if (failed.length > 0 && fitting.length === 0) {
    return new SubletError('unavailable', failed.map((source) => source.sentence).join(' '))
  }
  if (job.refusals.length > 0) return allRefused(job)
  if (fitting.length > 0) {
    const least = Math.min(...fitting.map((offer) => offer.microsPerHour))
    return new SubletError(
      'no-offer',
      least > job.ceiling.microsPerHour
        ? `Prices have moved: the cheapest offer that fits now costs ${formatMicrosPerHour(least)}, above the confirmed ${formatMicrosPerHour(job.ceiling.microsPerHour)}. Run the job again to confirm the new price.`
        : 'No offer that fits has a machine free at the moment. Try again later, or relax what the job asks for.',
    )
  }
  return new SubletError('no-offer', explainNoOffer(all, job.spec.needs))
}

/** An account that refuses is the user's to mend, and no other price would help. */
function allRefused({ refusals }: JobRecord): SubletError {
  const [first] = refusals
  const last = refusals.at(-1) ?? first
  const message = last?.error.message ?? ''
  if (
    first !== undefined &&
    refusals.length === 1 &&
    refusalScope(first.error.code) === 'account'
  ) {
    return new SubletError(first.error.code, message)
  }
  const count = refusals.length
  return new SubletError(
    'no-offer',
    `${count === 1 ? 'The only offer' : `All ${count} offers`} inside the ceiling refused: ${message} Raise --max-price or relax what the job asks for.`,
  )
}
