import { isEnded } from '../../preload/contract/job.ts'
import type { Supervisor } from '../machine/supervisor/supervisor.ts'
import type { StepContext } from './steps/context.ts'
import { whenToStop } from './when-to-stop.ts'

/** Tells the machine to stop the job: when the record says so, or when time is up. */
export async function obeyStop(
  context: StepContext,
  supervisor: Supervisor,
  signal: AbortSignal,
): Promise<void> {
  const { clock, wake } = context
  for (;;) {
    const job = context.job()
    if (isEnded(job.state)) return
    if (job.stop !== null) break
    const stop = whenToStop(context)
    if (clock.now() >= stop.at) {
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
