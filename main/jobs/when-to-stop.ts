import type { StopReason } from '../domain/job/events.ts'
import { stopTime } from '../domain/job/stop-time.ts'
import type { StepContext } from './steps/context.ts'

/** When the running job must be stopped, and why. */
export function whenToStop(context: StepContext): {
  readonly at: number
  readonly reason: StopReason
} {
  const { spec } = context.job()
  const attempt = context.attempt()
  const rental = context.rental()
  return stopTime(
    spec.limits,
    attempt.startedAt ?? context.clock.now(),
    attempt.beganAt,
    rental.endBy,
  )
}
