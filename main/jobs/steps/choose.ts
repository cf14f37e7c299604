import { budgetLeft, fitsBudget, leaseEnd, type JobNeeds } from '../../domain/budget.ts'
import { estimate } from '../../domain/estimate.ts'
import { explainNoOffer } from '../../domain/explain-no-offer.ts'
import { SubletError } from '../../domain/errors.ts'
import { formatMicros, formatMicrosPerHour } from '../../domain/format.ts'
import type { JobRecord } from '../../domain/job/record.ts'
import { offerFilter } from '../../domain/offer-filter.ts'
import { isUnavailable, rankOffers } from '../../domain/ranking.ts'
import type { RentalRecord } from '../../domain/rental/record.ts'
import type { Offer } from '../../../preload/contract/offer.ts'
import type { Room } from '../room.ts'
import { carriedAmong, isCarried, noMoney, whyThen } from '../room-words.ts'
import { expectedCollections } from '../collection.ts'
import { jobNeeds, jobSize } from '../job-size.ts'
import { leaseMoved } from '../lease-moved.ts'
import { makeWay } from '../make-way.ts'
import { newAttemptId, newRentalId } from '../new-ids.ts'
import { awaitTurn } from '../turn.ts'
import { costOf } from '../views/summary.ts'
import { warmRentals } from '../warm-rentals.ts'
import type { StepContext } from './context.ts'

/** A warm machine that has to go sooner is not worth taking. */
const shortestUseMs = 60_000

/**
 * Takes a kept-warm machine that fits, else the best offer inside the confirmed ceiling that has
 * not refused this job yet. Journals the attempt and the rental before any provider is asked.
 */
export async function choose(context: StepContext): Promise<void> {
  const { journal, clock } = context
  await awaitTurn(context)
  const job = context.job()
  const collection = expectedCollections(context, job.spec)
  const needsOn = (offer: Offer): JobNeeds =>
    jobNeeds(job.spec, job.frozen?.bytes ?? 0, collection(offer))
  const left = budgetLeft(job.spec.limits.budgetMicros, costOf(job, context))
  const roomOn = (offer: Offer, rental: RentalRecord | null = null): Room =>
    context.room.carries({
      offer,
      diskGiB: Math.max(offer.diskGiB, job.spec.needs.minDiskGiB ?? 0),
      project: job.spec.project,
      billedFrom: rental?.billedFrom ?? clock.now(),
      egressBytes: (rental?.egressBytes ?? 0) + needsOn(offer).downloadBytesGuess,
      most: leaseEnd(
        offer,
        clock.now(),
        job.ceiling.endBy,
        left,
        needsOn(offer).downloadBytesGuess,
      ),
      rentalId: rental?.id ?? null,
    })
  const warm = warmRentals(journal, job.spec, job.ceiling.microsPerHour, clock.now()).find(
    (rental) =>
      fitsBudget(rental.offer, left, needsOn(rental.offer)) &&
      roomOn(rental.offer, rental).endBy - clock.now() >= job.spec.limits.graceMs + shortestUseMs,
  )
  if (warm !== undefined) {
    takeWarm(context, job, warm, roomOn(warm.offer, warm))
    return
  }
  context.progress(0, 'Comparing prices')
  const gathered = await context.providers.offers(job.spec.needs, context.signal)
  const refused = new Set(
    job.refusals.filter((one) => !isOldPrice(job, one, gathered.offers)).map((one) => one.offerId),
  )
  const fits = offerFilter(job.spec.needs)
  const fitting = gathered.offers.filter((offer) => fits(offer))
  const usable = fitting.filter(
    (offer) =>
      !refused.has(offer.id) &&
      !isUnavailable(offer) &&
      offer.microsPerHour <= job.ceiling.microsPerHour &&
      fitsBudget(offer, left, needsOn(offer)),
  )
  const size = jobSize(journal, job.spec, job.frozen?.bytes ?? 0, false)
  const ranked = rankOffers(usable, size, job.spec.preferFast)
  const [dearest] = ranked
  if (dearest === undefined) throw noOffer(job, gathered.offers, fitting, gathered.sources, left)
  const [best] = carriedAmong(
    ranked,
    (offer) => isCarried(roomOn(offer), offer, needsOn(offer), clock.now()),
    1,
  )
  if (best === undefined) throw noMoney(roomOn(dearest), dearest, needsOn(dearest))
  const room = roomOn(best)
  const { endBy } = room
  // Nothing could run before the machine has to go again.
  if (endBy - clock.now() < best.expectedBootMs + job.spec.limits.graceMs) {
    throw new SubletError(
      'budget',
      'The confirmed end is too near to start another machine. Run the job again to confirm a later one.',
    )
  }
  rent(context, job, best, room, left !== null)
}

function takeWarm(context: StepContext, job: JobRecord, rental: RentalRecord, room: Room): void {
  const attemptId = newAttemptId()
  const size = jobSize(context.journal, job.spec, job.frozen?.bytes ?? 0, true)
  context.journal.append(
    ...makeWay(room, context.journal),
    { rental: rental.id, event: allocation(job, attemptId) },
    { rental: rental.id, event: leaseMoved(room.endBy, whyThen(room)) },
    {
      job: job.id,
      event: {
        kind: 'attempt-started',
        attemptId,
        rentalId: rental.id,
        offer: rental.offer,
        plan: ['connect', 'stage', 'run', 'collect', 'release'],
        estimate: estimate(rental.offer, size),
        warm: true,
        because: 'Taking the machine that was kept warm',
      },
    },
  )
}

function rent(
  context: StepContext,
  job: JobRecord,
  offer: Offer,
  room: Room,
  isBudgeted: boolean,
): void {
  const attemptId = newAttemptId()
  const endBecause = whyThen(room)
  const rentalId = newRentalId()
  const size = jobSize(context.journal, job.spec, job.frozen?.bytes ?? 0, false)
  const expected = estimate(offer, size)
  const because = `Renting ${offer.machineType} at ${offer.providerId} for ${formatMicrosPerHour(offer.microsPerHour)}`
  context.journal.append(
    ...makeWay(room, context.journal),
    {
      rental: rentalId,
      event: {
        kind: 'intended',
        offer,
        accountId: offer.accountId,
        homeId: context.homeId,
        environment: job.spec.environment,
        diskGiB: Math.max(offer.diskGiB, job.spec.needs.minDiskGiB ?? 0),
        endBy: room.endBy,
        ...(endBecause === null ? {} : { endBecause }),
        // Its end is what money pays for at this price: at a higher one it is reckoned anew.
        maxMicrosPerHour:
          isBudgeted || room.limit !== null ? offer.microsPerHour : job.ceiling.microsPerHour,
        estimateMicros: expected.expectedMicros,
      },
    },
    { rental: rentalId, event: allocation(job, attemptId) },
    {
      job: job.id,
      event: {
        kind: 'attempt-started',
        attemptId,
        rentalId,
        offer,
        plan: ['launch', 'boot', 'connect', 'stage', 'run', 'collect', 'release'],
        estimate: expected,
        warm: false,
        because,
      },
    },
  )
}

function allocation(job: JobRecord, attemptId: string) {
  return {
    kind: 'allocated' as const,
    attemptId,
    jobId: job.id,
    jobName: job.spec.name,
    project: job.spec.project,
  }
}

/** It refused at a lower price than it has now: asked at this one, it may say yes. */
function isOldPrice(
  job: JobRecord,
  { offerId, error }: JobRecord['refusals'][number],
  offers: readonly Offer[],
): boolean {
  if (error.code !== 'price-moved') return false
  const tried = job.attempts.flatMap(({ offer }) =>
    offer.id === offerId ? [offer.microsPerHour] : [],
  )
  const now = offers.find((offer) => offer.id === offerId)
  return now !== undefined && now.microsPerHour > Math.max(0, ...tried)
}

/** Says why nothing is left: a source that failed is worth another try, a wish is the user's. */
function noOffer(
  job: JobRecord,
  all: readonly Offer[],
  fitting: readonly Offer[],
  sources: readonly { readonly ok: boolean; readonly sentence: string }[],
  leftMicros: number | null,
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
  const lastRefusal = job.refusals.at(-1)
  if (lastRefusal !== undefined) {
    const count = job.refusals.length
    return new SubletError(
      'no-offer',
      `${count === 1 ? 'The only offer' : `All ${count} offers`} inside the ceiling refused: ${lastRefusal.error.message} Raise --max-price or relax what the job asks for.`,
    )
  }
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
