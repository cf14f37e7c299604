import type { JobSpec } from '../../preload/contract/job-spec.ts'
import type { Micros } from '../../preload/contract/money.ts'
import type { Offer } from '../../preload/contract/offer.ts'
import { allInMicrosPerHour, cost, egressFor } from './billing.ts'
import { micros, msForMicros } from './money.ts'

/** What a job needs beyond its own run, and how long that is expected to take. */
export interface JobNeeds {
  readonly limits: Pick<JobSpec['limits'], 'graceMs' | 'afterExitMs' | 'maxDurationMs'>
  /** Time that upload and set-up are expected to take. */
  readonly stagingMs: number
  /** Time to bring the results home after the grace. */
  readonly collectMs: number
  readonly downloadBytesGuess: number
}

/** Between the order to release and the end of the provider's meter. */
export const releaseMs = 60_000
/** A job must get at least this, or renting is pointless. */
const leastRunMs = 60_000
const longestMs = 366 * 86_400_000

/** From launch to the order to release, for the shortest run that is worth renting. */
export function leastMs(offer: Offer, needs: JobNeeds): number {
  const { limits, stagingMs, collectMs } = needs
  return offer.expectedBootMs + stagingMs + leastRunMs + limits.graceMs + collectMs
}

/** The least budget with which an offer can run anything and bring it home. */
export function leastBudget(offer: Offer, needs: JobNeeds): Micros {
  const { billing, microsPerHour, diskGiB } = offer
  const until = leastMs(offer, needs) + releaseMs
  return cost(billing, microsPerHour, diskGiB, needs.downloadBytesGuess, 0, until).totalMicros
}

/** Whether an offer can run anything within what may be spent; always without a budget. */
export function fitsBudget(offer: Offer, budgetMicros: number | null, needs: JobNeeds): boolean {
  return budgetMicros === null || leastBudget(offer, needs) <= budgetMicros
}

/**
 * When a machine launched now must have been ordered to go: at the confirmed `endBy`, or earlier
 * where this offer would spend what is left of the budget before (null: no budget). For an offer
 * that `fitsBudget`, the bill then never exceeds what is left.
 */
export function leaseEnd(
  offer: Offer,
  now: number,
  endBy: number,
  leftMicros: number | null,
  egressBytes: number,
): number {
  if (leftMicros === null) return endBy
  return Math.min(endBy, now + lastingMs(offer, leftMicros, egressBytes))
}

/**
 * How long after the start of billing the order to release must be given, so that the bill stays
 * within the budget: traffic, disk, rounding up to the increment and the release itself counted.
 */
export function lastingMs(offer: Offer, budgetMicros: number, egressBytes: number): number {
  const { billing, microsPerHour, diskGiB } = offer
  const spendable = budgetMicros - egressFor(billing, egressBytes)
  const ms = Math.min(longestMs, msForMicros(spendable, allInMicrosPerHour(offer)))
  // The hourly price with disk is rounded up, the bill's parts each half up: try one step more, and
  // take one less where the parts' rounding does not fit.
  const steps = Math.floor(ms / billing.incrementMs) + 1
  const fitting = [steps, steps - 1, steps - 2].find(
    (count) =>
      cost(billing, microsPerHour, diskGiB, egressBytes, 0, count * billing.incrementMs)
        .totalMicros <= budgetMicros,
  )
  return Math.max(0, (fitting ?? 0) * billing.incrementMs - releaseMs)
}

/** What later attempts of a job may still spend; null without a budget. Never negative. */
export function budgetLeft(budgetMicros: number | null, spentMicros: number): Micros | null {
  return budgetMicros === null ? null : micros(Math.max(0, budgetMicros - spentMicros))
}

export interface StopInput extends JobNeeds {
  readonly startedAt: number
  readonly endBy: number
  /** Null without a budget. `leftMicros` is what this rental may cost in all. */
  readonly budget: {
    readonly leftMicros: number
    readonly offer: Offer
    readonly billedFrom: number
  } | null
}

/**
 * When a running job must be told to stop, and why, so that its grace, the collection and a hold
 * for a client that is away still fit in before the machine ends. The hold takes at most a
 * quarter of the time there is: a small budget must not be eaten by waiting.
 */
export function stopAt(input: StopInput): {
  readonly at: number
  readonly reason: 'budget' | 'duration' | 'lease'
} {
  const { limits, startedAt, endBy, budget } = input
  const lastBy = (deadline: number): number => {
    const free = deadline - startedAt - limits.graceMs - input.collectMs
    const holdMs = Math.min(limits.afterExitMs, Math.max(0, free) / 4)
    return Math.max(startedAt, Math.floor(startedAt + free - holdMs))
  }
  const ends: { at: number; reason: 'budget' | 'duration' | 'lease' }[] = []
  if (budget !== null) {
    const lasting = lastingMs(budget.offer, budget.leftMicros, input.downloadBytesGuess)
    ends.push({ at: lastBy(budget.billedFrom + lasting), reason: 'budget' })
  }
  if (limits.maxDurationMs !== null) {
    ends.push({ at: startedAt + limits.maxDurationMs, reason: 'duration' })
  }
  return ends.reduce((first, end) => (end.at <= first.at ? end : first), {
    at: lastBy(endBy),
    reason: 'lease',
  })
}
