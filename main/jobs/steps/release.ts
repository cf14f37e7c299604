import type { StopVerdict } from '../../../preload/contract/rental.ts'
import { toSubletError, toWireError } from '../../domain/errors.ts'
import { formatDuration } from '../../domain/format.ts'
import { lastAttempt } from '../../domain/job/record.ts'
import { leaseRental } from '../lease-rental.ts'
import type { StepContext } from './context.ts'

/** A job that failed this early is likely to be corrected and run again at once. */
const earlyFailureMs = 5 * 60_000

/** Gives the machine back, or keeps it warm for the next job where the user or an early failure asks. */
export async function release(context: StepContext): Promise<void> {
  const attempt = context.attempt()
  const until = warmUntil(context)
  const verdict = until === null ? null : await leaseUntil(context, until)
  // The user or the lease may have ended it while the lease was being moved.
  const { phase, endBy } = context.rental()
  // A budget may have moved its end meanwhile: it was told one that nobody pays for.
  const mayStay = context.job().stop === null && phase === 'up' && until !== null && until <= endBy
  if (until !== null && verdict !== null && mayStay) {
    context.appendBoth(
      [{ kind: 'release-called', attemptId: attempt.id, keptWarmUntil: until }],
      [
        { kind: 'lease-moved', endBy: until },
        { kind: 'leased', verdict, endBy: until },
        { kind: 'freed', attemptId: attempt.id },
        { kind: 'kept-warm', until },
      ],
    )
    return
  }
  context.appendBoth(
    [{ kind: 'release-called', attemptId: attempt.id, keptWarmUntil: null }],
    context.rental().phase === 'released'
      ? []
      : [{ kind: 'release-intended', because: 'The job has ended.' }],
  )
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

/** A warm machine must end at its warm time even if this computer dies: else it goes back now. */
async function leaseUntil(context: StepContext, until: number): Promise<StopVerdict | null> {
  const { clock, machines, signal } = context
  context.progress(
    0.5,
    `Keeping the machine ${formatDuration(until - clock.now())} for the next job`,
  )
  try {
    const rental = { ...context.rental(), endBy: until }
    const machine = await machines.connect(rental, signal)
    const verdict = await leaseRental(context, machine, rental, {
      afterExitMs: until - clock.now(),
      graceMs: 0,
      idleMs: 0,
    })
    return verdict.stopsByItself || context.job().acceptsNoLease ? verdict : null
  } catch (thrown) {
    signal.throwIfAborted()
    context.log.warn({ error: toWireError(toSubletError(thrown)) }, 'Not kept warm')
    return null
  }
}
