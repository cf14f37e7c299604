import { budgetLeft, stopAt } from '../domain/budget.ts'
import type { StopReason } from '../domain/job/events.ts'
import type { AttemptRecord } from '../domain/job/record.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import { jobNeeds } from './job-size.ts'
import { spentBefore } from './spent.ts'
import type { StepContext } from './steps/context.ts'

/** When the running job must be stopped, and why. */
export function whenToStop(context: StepContext): {
  readonly at: number
  readonly reason: StopReason
} {
  const job = context.job()
  const attempt = context.attempt()
  const rental = context.rental()
  const left = budgetLeft(job.spec.limits.budgetMicros, spentBefore(job, attempt.id, context))
  return stopAt({
    ...jobNeeds(job.spec, job.frozen?.bytes ?? 0),
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
  })
}

/** From when the job pays for its machine: a warm one from when it took over. */
export function billedFromOf(attempt: AttemptRecord, rental: RentalRecord): number {
  return attempt.warm ? attempt.beganAt : (rental.billedFrom ?? attempt.beganAt)
}
