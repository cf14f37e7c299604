import type { Offer } from '../../preload/contract/offer.ts'
import { allInMicrosPerHour, cost } from './billing.ts'
import { lastingMs, leaseEnd, releaseMs } from './budget.ts'
import { SubletError } from './errors.ts'
import { formatMicros, formatTime } from './format.ts'
import type { Terms } from './job/events.ts'
import { micros, microsForMs } from './money.ts'

export interface ExtensionWish {
  readonly byMs?: number | undefined
  readonly endBy?: number | undefined
  readonly budgetMicros?: number | undefined
}

export interface ExtensionFacts {
  readonly now: number
  readonly terms: Terms
  /** The machine that serves the job now; null while there is none. */
  readonly rental: {
    readonly offer: Offer
    readonly billedFrom: number
    /** What earlier machines of the job have cost. */
    readonly spentBeforeMicros: number
    readonly egressBytes: number
  } | null
}

const longestMs = 366 * 86_400_000

/**
 * The terms after an extension: a later end, for which limits of duration and budget make room, and
 * the most it may then cost. Fails with `invalid` on what is no later end, and with `budget`,
 * naming the least that would do.
 */
export function extended(
  wish: ExtensionWish,
  facts: ExtensionFacts,
): { readonly terms: Terms; readonly moreMicros: number } {
  const { terms, now, rental } = facts
  const budgetMicros = newBudget(wish, terms)
  const endBy = newEnd(wish, facts, budgetMicros)
  if (endBy > now + longestMs) {
    throw new SubletError('invalid', 'A job can be extended by a year at most.')
  }
  refuseBeyondBudget(endBy, budgetMicros, facts)
  const laterMs = Math.max(0, endBy - terms.endBy)
  const rate = hourly(facts)
  const most =
    budgetMicros ??
    micros(terms.ceiling.micros + microsForMs(rate, Math.ceil(laterMs / 1_000) * 1_000))
  return {
    terms: {
      ceiling: {
        ...terms.ceiling,
        micros: micros(most),
        endBy: Math.max(terms.ceiling.endBy, endBy),
      },
      budgetMicros: budgetMicros === null ? null : micros(budgetMicros),
      maxDurationMs: terms.maxDurationMs === null ? null : terms.maxDurationMs + laterMs,
      endBy,
    },
    moreMicros:
      rental === null
        ? microsForMs(rate, laterMs)
        : micros(bill(rental, endBy) - bill(rental, Math.min(endBy, terms.endBy))),
  }
}

function newBudget({ budgetMicros }: ExtensionWish, terms: Terms): number | null {
  if (budgetMicros === undefined) return terms.budgetMicros
  if (terms.budgetMicros === null) {
    throw new SubletError('invalid', 'This job has no budget that could be raised.')
  }
  if (budgetMicros < terms.budgetMicros) {
    throw new SubletError(
      'invalid',
      `The budget is ${formatMicros(terms.budgetMicros)} already: an extension can only raise it.`,
    )
  }
  return budgetMicros
}

function newEnd(wish: ExtensionWish, facts: ExtensionFacts, budgetMicros: number | null): number {
  const { terms, now, rental } = facts
  if (wish.byMs !== undefined && wish.endBy !== undefined) {
    throw new SubletError('invalid', 'Say either how much longer or until when.')
  }
  const wanted = wish.endBy ?? (wish.byMs === undefined ? null : terms.endBy + wish.byMs)
  if (wanted !== null) {
    if (wanted > Math.max(terms.endBy, now)) return wanted
    throw new SubletError(
      'invalid',
      `The job ends at ${formatTime(terms.endBy, { near: now })} already: choose a later time.`,
    )
  }
  if (wish.budgetMicros === undefined) {
    throw new SubletError('invalid', 'Say how much longer the job may run.')
  }
  // More money alone: as long as it lasts, up to the end that was confirmed.
  if (rental === null) return terms.ceiling.endBy
  const left = budgetMicros === null ? null : budgetMicros - rental.spentBeforeMicros
  return Math.max(
    terms.endBy,
    leaseEnd(rental.offer, rental.billedFrom, terms.ceiling.endBy, left, rental.egressBytes),
  )
}

function refuseBeyondBudget(
  endBy: number,
  budgetMicros: number | null,
  { rental, now }: ExtensionFacts,
): void {
  if (budgetMicros === null || rental === null) return
  const left = budgetMicros - rental.spentBeforeMicros
  const lasts = rental.billedFrom + lastingMs(rental.offer, left, rental.egressBytes)
  if (endBy <= lasts) return
  const cent = 10_000
  const exact = rental.spentBeforeMicros + bill(rental, endBy + rental.offer.billing.incrementMs)
  const leastMicros = Math.ceil(exact / cent) * cent
  throw new SubletError(
    'budget',
    `The budget of ${formatMicros(budgetMicros)} is used up at ${formatTime(lasts, { near: now })}: raise it to ${formatMicros(leastMicros)} to run until ${formatTime(endBy, { near: now })}.`,
    { details: { leastMicros } },
  )
}

/** What the machine costs when it is ordered to go at `endBy`. */
function bill(rental: NonNullable<ExtensionFacts['rental']>, endBy: number): number {
  const { billing, microsPerHour, diskGiB } = rental.offer
  const until = endBy + releaseMs
  return cost(billing, microsPerHour, diskGiB, rental.egressBytes, rental.billedFrom, until)
    .totalMicros
}

/** Another machine inside the ceiling may be dearer than the one that serves now. */
function hourly({ rental, terms }: ExtensionFacts): number {
  const { microsPerHour } = terms.ceiling
  return rental === null ? microsPerHour : allInMicrosPerHour({ ...rental.offer, microsPerHour })
}
