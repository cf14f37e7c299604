import { budgetWithAmount } from '../domain/budget-states.ts'
import { budgetLeft, stopAt, type StopInput } from '../domain/budget.ts'
import { formatMicros } from '../domain/format.ts'
import type { StopReason } from '../domain/job/events.ts'
import type { AttemptRecord } from '../domain/job/record.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import { expectedEgress } from './budget-rentals.ts'
import { collectionNow } from './collection.ts'
import { jobNeeds } from './job-size.ts'
import { spentBefore } from './spent.ts'
import type { StepContext } from './steps/context.ts'

export interface StopTime {
  readonly at: number
  readonly reason: StopReason
  /** It is the budget of a day or month, that other jobs may share. */
  readonly isShared: boolean
}

/** A job's budget that would end it so soon after its lease is what ends it: the lease was cut by it. */
const sameEndMs = 300_000
const never = Number.MAX_SAFE_INTEGER / 2

/** When the running job must be stopped, and why. */
export function whenToStop(context: StepContext): StopTime {
  const job = context.job()
  const attempt = context.attempt()
  const rental = context.rental()
  const left = budgetLeft(job.spec.limits.budgetMicros, spentBefore(job, attempt.id, context))
  const input: StopInput = {
    ...jobNeeds(job.spec, job.frozen?.bytes ?? 0, collectionNow(context, job) ?? undefined),
    // What came home before is paid for as well as what is still to come.
    downloadBytesGuess: expectedEgress(rental, context),
    startedAt: attempt.startedAt ?? context.clock.now(),
    // A later end that is not on the machine yet does not keep it alive.
    endBy: Math.min(rental.endBy, rental.leasedUntil ?? rental.endBy),
    budget:
      left === null
        ? null
        : {
            leftMicros: left,
            offer: rental.offer,
            billedFrom: billedFromOf(attempt, rental),
          },
  }
  const stop = stopAt(input)
  if (stop.reason !== 'lease') return { ...stop, isShared: false }
  if (rental.endBecause !== null) return { at: stop.at, reason: 'budget', isShared: true }
  const byMoney = stopAt({ ...input, endBy: never })
  const isMoney = byMoney.reason === 'budget' && byMoney.at - stop.at < sameEndMs
  return { at: stop.at, reason: isMoney ? 'budget' : 'lease', isShared: false }
}

/** What a stop for money's sake says: which budget, what of it is spent, and what the rest is for. */
export function stopSentence(context: StepContext, stop: StopTime): string | null {
  if (stop.reason !== 'budget') return null
  const job = context.job()
  const { offer, endBecause } = context.rental()
  if (stop.isShared) {
    const state = context.room.tightest({ ...offer, project: job.spec.project })
    return state === null
      ? endBecause
      : usedUp(budgetWithAmount(state.budget), state.budget.micros, state.spentMicros)
  }
  const { budgetMicros } = job.spec.limits
  if (budgetMicros === null) return null
  const attempt = context.attempt()
  const spentMicros =
    spentBefore(job, attempt.id, context) + context.books.costMicros(context.rental(), job.id)
  return usedUp(`the job's budget (${formatMicros(budgetMicros)})`, budgetMicros, spentMicros)
}

/** From when the job pays for its machine: a warm one from when it took over. */
export function billedFromOf(attempt: AttemptRecord, rental: RentalRecord): number {
  return attempt.warm ? attempt.beganAt : (rental.billedFrom ?? attempt.beganAt)
}

function usedUp(name: string, amount: number, spentMicros: number): string {
  const left = formatMicros(Math.max(0, amount - spentMicros))
  return `Stopped because ${name} is used up: ${formatMicros(spentMicros)} of it is spent, and the ${left} left is for ending in order, bringing the results home and giving the machine back.`
}
