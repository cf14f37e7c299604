import { isEnded } from '../../preload/contract/job-state.ts'
import type { Supervisor } from '../machine/supervisor/supervisor.ts'
import { askForCheckpoint } from './checkpoint.ts'
import type { StepContext } from './steps/context.ts'
import { stopSentence, whenToStop, type StopTime } from './when-to-stop.ts'

/** A later end is put on the machine at this moment, after a cut say: that counts, if it works soon. */
const patienceRealMs = 10_000
const lookEveryRealMs = 10_000
/** So long before it is told to stop, a job is asked to write its checkpoint … */
const checkpointLeadMs = 120_000
/** … but never for more than this part of its time. */
const checkpointShare = 10

/**
 * Tells the machine to stop the job: when the record says so, or when time or money is up. Before
 * such an end, the job is asked for its checkpoint, early enough that it is written when TERM comes.
 */
export async function obeyStop(
  context: StepContext,
  supervisor: Supervisor,
  signal: AbortSignal,
): Promise<void> {
  const { clock, wake } = context
  let mayBeExtended = true
  /** For which end the checkpoint was asked; a much later end is another one. */
  let askedFor: number | null = null
  for (;;) {
    const job = context.job()
    if (isEnded(job.state)) return
    if (job.stop !== null) break
    const stop = whenToStop(context)
    const leadMs = leadOf(context, stop)
    if (clock.now() >= stop.at) {
      const { id, endBy, leasedUntil } = context.rental()
      if (mayBeExtended && leasedUntil !== null && leasedUntil < endBy) {
        mayBeExtended = false
        await wake.wait(id, clock.now() + patienceRealMs / clock.realMs(1), signal)
        continue
      }
      if (askedFor === null) await askForCheckpoint(context, supervisor, signal)
      const sentence = stopSentence(context, stop)
      context.append({
        kind: 'stop-requested',
        reason: stop.reason,
        discard: false,
        ...(sentence === null ? {} : { sentence }),
      })
      break
    }
    const isAsked = askedFor !== null && stop.at - askedFor <= leadMs
    if (!isAsked && clock.now() >= stop.at - leadMs) {
      askedFor = stop.at
      await askForCheckpoint(context, supervisor, signal)
      continue
    }
    // What has to come home grows without any event, and with it the time that this takes.
    const lookAt = clock.now() + lookEveryRealMs / clock.realMs(1)
    const next = isAsked ? stop.at : stop.at - leadMs
    await wake.wait(context.jobId, Math.min(next, lookAt), signal)
  }
  const { spec } = context.job()
  const graceS = Math.ceil(clock.realMs(spec.limits.graceMs) / 1_000)
  context.progress(0.9, 'Stopping the job')
  await supervisor.stopAttempt(context.attempt().id, graceS, { signal })
}

function leadOf(context: StepContext, stop: StopTime): number {
  const startedAt = context.attempt().startedAt ?? context.clock.now()
  return Math.floor(Math.min(checkpointLeadMs, Math.max(0, stop.at - startedAt) / checkpointShare))
}
