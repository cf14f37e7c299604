import { isEnded } from '../../preload/contract/job.ts'
import type { Supervisor } from '../machine/supervisor/supervisor.ts'
import type { StepContext } from './steps/context.ts'
import { whenToStop } from './when-to-stop.ts'

/** A later end is put on the machine at this moment, after a cut say: that counts, if it works soon. */
const patienceRealMs = 10_000

/** Tells the machine to stop the job: when the record says so, or when time is up. */
export async function obeyStop(
  context: StepContext,
  supervisor: Supervisor,
  signal: AbortSignal,
): Promise<void> {
  const { clock, wake } = context
  let mayBeExtended = true
  for (;;) {
    const job = context.job()
    if (isEnded(job.state)) return
    if (job.stop !== null) break
    const stop = whenToStop(context)
    if (clock.now() >= stop.at) {
      const { id, endBy, leasedUntil } = context.rental()
      if (mayBeExtended && leasedUntil !== null && leasedUntil < endBy) {
        mayBeExtended = false
        await wake.wait(id, clock.now() + patienceRealMs / clock.realMs(1), signal)
        continue
      }
      context.append({ kind: 'stop-requested', reason: stop.reason, discard: false })
      break
    }
    await wake.wait(context.jobId, stop.at, signal)
  }
  const { spec } = context.job()
  const graceS = Math.ceil(clock.realMs(spec.limits.graceMs) / 1_000)
  context.progress(0.9, 'Stopping the job')
  await supervisor.stopAttempt(context.attempt().id, graceS, { signal })
}
