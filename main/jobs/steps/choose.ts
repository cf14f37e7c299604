import { budgetLeft, fitsBudget, leaseEnd, type JobNeeds } from '../../domain/budget.ts'
import { estimate } from '../../domain/estimate.ts'
import { SubletError } from '../../domain/errors.ts'
import type { JobRecord } from '../../domain/job/record.ts'
import { isRuledOut } from '../../domain/job/refusals.ts'
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
import type { OfferSource } from '../ports.ts'
import { rentingSentence } from '../renting-sentence.ts'
import { awaitTurn } from '../turn.ts'
import { costOf } from '../views/summary.ts'
import { whyNoOffer } from '../why-no-offer.ts'
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
  const fits = offerFilter(job.spec.needs)
  const fitting = gathered.offers.filter((offer) => fits(offer))
  const usable = fitting.filter(
    (offer) =>
      !isRuledOut(offer, job.refusals) &&
      !isUnavailable(offer) &&
      offer.microsPerHour <= job.ceiling.microsPerHour &&
      fitsBudget(offer, left, needsOn(offer)),
  )
  const size = jobSize(journal, job.spec, job.frozen?.bytes ?? 0, false)
  const ranked = rankOffers(usable, size, job.spec.preferFast)
  const [dearest] = ranked
  if (dearest === undefined) {
    const { offers: all, sources } = gathered
    throw whyNoOffer(job, { all, fitting, sources, leftMicros: left })
  }
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
  rent(context, job, { offer: best, room, sources: gathered.sources }, left !== null)
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

interface Choice {
  readonly offer: Offer
  readonly room: Room
  readonly sources: readonly OfferSource[]
}

function rent(
  context: StepContext,
  job: JobRecord,
  { offer, room, sources }: Choice,
  isBudgeted: boolean,
): void {
  const attemptId = newAttemptId()
  const endBecause = whyThen(room)
  const rentalId = newRentalId()
  const size = jobSize(context.journal, job.spec, job.frozen?.bytes ?? 0, false)
  const expected = estimate(offer, size)
  const because = rentingSentence(context.providers, offer, sources)
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
