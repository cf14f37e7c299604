import type { Extended, Extension, ExtensionRequest } from '../../preload/contract/job-actions.ts'
import type { StopVerdict } from '../../preload/contract/rental.ts'
import type { Clock } from '../domain/clock.ts'
import { SubletError } from '../domain/errors.ts'
import { extended, type ExtensionFacts } from '../domain/extension.ts'
import { allInMicrosPerHour } from '../domain/billing.ts'
import { budgetWithAmount } from '../domain/budget-states.ts'
import { formatMicros, formatTime } from '../domain/format.ts'
import type { Terms } from '../domain/job/events.ts'
import { lastAttempt, type JobRecord } from '../domain/job/record.ts'
import { holdsRental } from '../domain/job/holds-rental.ts'
import { micros, microsForMs } from '../domain/money.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import { expectedEgress, sharedRental } from './budget-rentals.ts'
import type { SpendRoom } from './budget-room.ts'
import { whyThen } from './room-words.ts'
import type { CollectionNowDeps } from './collection.ts'
import { leaseMoved } from './lease-moved.ts'
import type { Books } from './ports.ts'
import { spentBefore } from './spent.ts'
import type { Wake } from './wake.ts'
import { billedFromOf } from './when-to-stop.ts'

export interface ExtendDeps extends CollectionNowDeps {
  readonly clock: Clock
  readonly wake: Wake
  readonly books: Books
  readonly room: SpendRoom
}

/** How long the user waits for the machine's answer, in physical time. */
const patienceRealMs = 30_000

/** What the extension would mean. Changes nothing; fails in words where it cannot be. */
export function priceExtension(deps: ExtendDeps, request: ExtensionRequest): Extension {
  return plan(deps, request).extension
}

/**
 * Journals the new end, and waits until the job's runner has put it on every level that holds and
 * read it back. A crash in between is harmless: the next runner finds a lease that is not on the
 * machine yet. Fails with what refused it, all being as it was before; with `unreachable` when the
 * machine does not answer for now, the new end being journaled.
 */
export async function extend(
  deps: ExtendDeps,
  request: ExtensionRequest,
  signal: AbortSignal,
): Promise<Extended> {
  const { journal, clock } = deps
  const { extension, terms, before, rental, because } = plan(deps, request)
  const { jobId } = request
  journal.append(
    ...(rental === null ? [] : [{ rental: rental.id, event: leaseMoved(terms.endBy, because) }]),
    { job: jobId, event: { kind: 'extended', terms, before } },
  )
  if (rental === null || rental.leasedUntil === null) {
    const sentence = `Ends at ${time(terms.endBy, clock)} at the latest. The machine is told as soon as it is up.`
    return { ...extension, verdict: null, sentence }
  }
  const verdict = await leased(deps, jobId, rental, terms, signal)
  return {
    ...extension,
    verdict,
    sentence: `Ends at ${time(terms.endBy, clock)} at the latest, as read back from ${levels(verdict)}.`,
  }
}

interface Plan {
  readonly extension: Extension
  readonly terms: Terms
  readonly before: Terms
  /** The machine that the job holds. */
  readonly rental: RentalRecord | null
  /** The budget that allows no later end; null when none does. */
  readonly because: string | null
}

function plan(deps: ExtendDeps, { jobId, ...wish }: ExtensionRequest): Plan {
  const { journal, clock } = deps
  const job = journal.job(jobId)
  refuseEnding(job)
  const attempt = holdsRental(job) ? lastAttempt(job) : null
  const rental = attempt === null ? null : journal.rental(attempt.rentalId)
  if (rental?.phase === 'releasing' || rental?.phase === 'released') {
    throw conflict(job, 'is giving its machine back already')
  }
  const before = termsOf(job, rental)
  const facts: ExtensionFacts = {
    now: clock.now(),
    terms: before,
    rental:
      attempt === null || rental === null
        ? null
        : {
            offer: rental.offer,
            billedFrom: billedFromOf(attempt, rental),
            spentBeforeMicros: spentBefore(job, attempt.id, deps),
            egressBytes: expectedEgress(rental, deps),
          },
  }
  const { terms, moreMicros, because } = carried(deps, job, rental, extended(wish, facts), wish)
  // While an earlier one is not on the machine yet, that is still what all goes back to.
  const { extension } = job
  const isPending = rental !== null && rental.leasedUntil !== rental.endBy
  const earlier = isPending && extension?.endBy === rental.endBy ? extension.before : before
  return {
    extension: {
      fromEndBy: before.endBy,
      endBy: terms.endBy,
      ceiling: terms.ceiling,
      moreMicros: micros(moreMicros),
    },
    terms,
    before: earlier,
    rental,
    because,
  }
}

interface Priced {
  readonly terms: Terms
  readonly moreMicros: number
}

/**
 * An extension that the budgets of days and months carry too. A wish for more time that they do not
 * carry is refused with the sum that is missing; more money alone lasts as long as they do.
 */
function carried(
  deps: ExtendDeps,
  job: JobRecord,
  rental: RentalRecord | null,
  priced: Priced,
  wish: Omit<ExtensionRequest, 'jobId'>,
): Priced & { readonly because: string | null } {
  if (rental === null) return { ...priced, because: null }
  const { room, clock } = deps
  const { terms } = priced
  const { billedFrom, egressBytes } = sharedRental(rental, deps, clock.now())
  const { offer, diskGiB, id } = rental
  const found = room.carries({
    offer,
    diskGiB,
    project: job.spec.project,
    billedFrom,
    egressBytes,
    most: terms.endBy,
    rentalId: id,
  })
  if (found.limit === null || found.endBy >= terms.endBy) return { ...priced, because: null }
  const name = budgetWithAmount(found.limit.budget)
  const laterMs = terms.endBy - Math.max(found.endBy, clock.now())
  const missing = microsForMs(allInMicrosPerHour(offer), laterMs)
  const isTimeWished = wish.byMs !== undefined || wish.endBy !== undefined
  if (isTimeWished || found.endBy < rental.endBy) {
    throw new SubletError(
      'budget',
      `${name.charAt(0).toUpperCase()}${name.slice(1)} carries this machine until ${time(found.endBy, clock)} at most; about ${formatMicros(missing)} are missing to run until ${time(terms.endBy, clock)}: raise that budget, or stop another job.`,
      { details: { budgetId: found.limit.budget.id, missingMicros: missing } },
    )
  }
  return {
    terms: { ...terms, endBy: found.endBy },
    moreMicros: Math.max(0, priced.moreMicros - missing),
    because: whyThen(found),
  }
}

function termsOf(job: JobRecord, rental: RentalRecord | null): Terms {
  return {
    ceiling: job.ceiling,
    budgetMicros: job.spec.limits.budgetMicros,
    maxDurationMs: job.spec.limits.maxDurationMs,
    endBy: rental?.endBy ?? job.ceiling.endBy,
  }
}

function refuseEnding(job: JobRecord): void {
  if (job.endedAt !== null) throw conflict(job, 'has ended: run it again instead')
  if (job.stop !== null || job.error !== null) throw conflict(job, 'is being stopped already')
  if (job.state === 'releasing') throw conflict(job, 'is giving its machine back already')
}

/** Whatever answers now, this end will not be put on the machine. */
function refuseMoved(job: JobRecord, rental: RentalRecord, { endBy }: Terms, clock: Clock): void {
  if (rental.phase === 'releasing' || rental.phase === 'released') {
    throw conflict(job, 'is giving its machine back already')
  }
  if (rental.endBy >= endBy || rental.endBecause === null) return
  throw new SubletError(
    'budget',
    `The machine ends at ${time(rental.endBy, clock)} after all: ${rental.endBecause} Raise that budget, or stop another job, to run until ${time(endBy, clock)}.`,
    { details: { journaled: true } },
  )
}

function conflict({ spec }: JobRecord, why: string): SubletError {
  return new SubletError('conflict', `${spec.name} ${why}, so it cannot be extended.`)
}

/** Until the runner has journaled what it read back, or took it all back. */
async function leased(
  { clock, journal, wake }: ExtendDeps,
  jobId: string,
  before: RentalRecord,
  terms: Terms,
  signal: AbortSignal,
): Promise<StopVerdict> {
  const giveUpAt = clock.now() + patienceRealMs / clock.realMs(1)
  for (;;) {
    const rental = journal.rental(before.id)
    const job = journal.job(jobId)
    const refused = job.extension?.refused ?? null
    if (refused !== null) throw new SubletError('unsupported', refused)
    if (
      rental.verdict !== null &&
      rental.leasedUntil !== null &&
      rental.leasedUntil >= terms.endBy
    ) {
      return rental.verdict
    }
    refuseEnding(job)
    refuseMoved(job, rental, terms, clock)
    if (clock.now() >= giveUpAt) {
      throw new SubletError(
        'unreachable',
        `The machine or its provider does not answer, so it still ends at ${time(before.leasedUntil ?? before.endBy, clock)}. The new end, ${time(terms.endBy, clock)}, is put on it as soon as both answer.`,
        { details: { journaled: true } },
      )
    }
    await wake.wait(before.id, giveUpAt, signal)
  }
}

function levels(verdict: StopVerdict): string {
  const names = {
    provider: 'the provider',
    machine: 'the machine',
    client: 'this computer',
  } as const
  const held = verdict.levels.filter((level) => level.holds).map((level) => names[level.level])
  return held.length < 2
    ? (held[0] ?? 'nothing')
    : `${held.slice(0, -1).join(', ')} and ${held.at(-1) ?? ''}`
}

function time(at: number, clock: Clock): string {
  return formatTime(at, { near: clock.now() })
}
