import { SubletError } from '../domain/errors.ts'
import { formatTime } from '../domain/format.ts'
import type { JobEvent } from '../domain/job/events.ts'
import type { StopVerdict } from '../../preload/contract/rental.ts'
import { whyNot } from '../domain/lease.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import type { Machine } from '../machine/machine.ts'
import type { LeaseTurn } from './lease-turn.ts'
import { endsEarlierMaybe, leaseRental, leaseTerms, toleranceMs } from './lease-rental.ts'
import type { StepContext } from './steps/context.ts'

/**
 * Puts an end that was moved on the machine and at the provider, and journals what both then say:
 * at once after an extension, and at take-up after a crash. An end that a level refuses is taken
 * back. Runs beside a step until aborted.
 */
export async function keepLeased(
  context: StepContext,
  machine: Machine,
  turn: LeaseTurn,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const rental = context.rental()
    if (rental.phase !== 'up') return
    if (rental.leasedUntil === rental.endBy && !turn.isUnsure) {
      await context.wake.wait(context.jobId, null, signal)
    } else {
      await turn.take(async () => {
        turn.isUnsure = true
        await renew({ ...context, signal }, machine, context.rental())
        turn.isUnsure = false
      })
    }
  }
}

async function renew(context: StepContext, machine: Machine, rental: RentalRecord): Promise<void> {
  if (rental.phase !== 'up') return
  const terms = leaseTerms(context.job().spec.limits, context.clock)
  const verdict = await leaseRental(context, machine, rental, terms)
  const { phase, endBy } = context.rental()
  if (phase !== 'up') return
  if (endBy !== rental.endBy) {
    // Moved again while it was asked, perhaps back to what stands in the journal as told.
    context.appendBoth([], [{ kind: 'leased', verdict, endBy: rental.endBy }])
    return
  }
  const { extension, acceptsNoLease, stop } = context.job()
  const problem = shortfall(verdict, rental, acceptsNoLease, context.clock.now())
  const isExtension =
    extension !== null && extension.refused === null && extension.endBy === rental.endBy
  const mayGoBack = isExtension && stop === null
  if (mayGoBack && problem === null) {
    const earlier = endsEarlierMaybe(rental.verdict, verdict, endBy)
    // Taken for done, it would never be asked again, and the machine would go at its old end.
    if (earlier !== null) throw notConfirmed(rental, earlier, context.clock.now())
  }
  const { leasedUntil } = rental
  if (problem !== null && !isExtension && leasedUntil !== null && leasedUntil < endBy) {
    // A later end that nobody asked for: it stays as it was, and is not tried again.
    context.appendBoth(
      [],
      [
        { kind: 'leased', verdict, endBy },
        { kind: 'lease-moved', endBy: leasedUntil, final: true },
      ],
    )
    return
  }
  if (problem === null || !mayGoBack) {
    context.appendBoth([], [{ kind: 'leased', verdict, endBy }])
    return
  }
  const { before } = extension
  const back: JobEvent = { kind: 'extension-refused', before, sentence: problem }
  // What the machine was told now stands in the journal, so that the next turn tells it the old end.
  context.appendBoth(
    [back],
    [
      { kind: 'leased', verdict, endBy },
      { kind: 'lease-moved', endBy: before.endBy },
    ],
  )
}

/** Why this machine cannot be kept so long, in one sentence; null when it can. */
function shortfall(
  verdict: StopVerdict,
  { endBy, offer }: RentalRecord,
  acceptsNoLease: boolean,
  now: number,
): string | null {
  const wanted = formatTime(endBy, { near: now })
  const provider = verdict.levels.find((level) => level.level === 'provider')
  if (
    provider?.holds === true &&
    provider.endsAt !== null &&
    provider.endsAt < endBy - toleranceMs
  ) {
    const cap = formatTime(provider.endsAt, { near: now })
    return `${offer.providerId} ends this machine at ${cap} at the latest, so it cannot run until ${wanted}; it still ends as before.`
  }
  if (verdict.stopsByItself || acceptsNoLease) return null
  return `With an end at ${wanted} this machine would no longer stop by itself: ${whyNot(verdict) ?? ''} It still ends as before.`
}

function notConfirmed({ endBy, offer }: RentalRecord, earlier: number, now: number): SubletError {
  const [wanted, old] = [endBy, earlier].map((at) => formatTime(at, { near: now }))
  return new SubletError(
    'unavailable',
    `${offer.providerId} has not confirmed ${wanted ?? ''} and may still end the machine at ${old ?? ''}.`,
  )
}
