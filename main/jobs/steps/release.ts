import { lastAttempt } from '../../domain/job/record.ts'
import type { StepContext } from './context.ts'

/** A job that failed this early is likely to be corrected and run again at once. */
const earlyFailureMs = 5 * 60_000

/** Gives the machine back, or keeps it warm for the next job where the user or an early failure asks. */
export async function release(context: StepContext): Promise<void> {
  const { clock } = context
  const attempt = context.attempt()
  const until = warmUntil(context)
  if (until === null) {
    context.appendBoth(
      [{ kind: 'release-called', attemptId: attempt.id, keptWarmUntil: null }],
      context.rental().phase === 'released'
        ? []
        : [{ kind: 'release-intended', because: 'The job has ended.' }],
    )
    return
  }
  context.appendBoth(
    [{ kind: 'release-called', attemptId: attempt.id, keptWarmUntil: until }],
    [
      { kind: 'freed', attemptId: attempt.id },
      { kind: 'kept-warm', until },
    ],
  )
  const minutes = Math.round((until - clock.now()) / 60_000)
  context.progress(1, `Keeping the machine ${minutes} min for the next job`)
}

/** Null when the machine is to go now. */
function warmUntil(context: StepContext): number | null {
  const { clock } = context
  const job = context.job()
  const rental = context.rental()
  const attempt = lastAttempt(job)
  const { keepWarmMs, keepWarmChosen } = job.spec.limits
  if (attempt === null || rental.phase !== 'up' || keepWarmMs === 0) return null
  if (job.stop !== null || job.error !== null || attempt.collectedAt === null) return null
  const ranMs = (attempt.exitedAt ?? 0) - (attempt.startedAt ?? 0)
  const failedEarly = attempt.exitCode !== 0 && ranMs < earlyFailureMs
  if (!keepWarmChosen && !failedEarly) return null
  const until = Math.min(clock.now() + keepWarmMs, rental.endBy)
  return until > clock.now() ? until : null
}
