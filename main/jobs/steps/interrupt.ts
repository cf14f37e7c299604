import { SubletError, toWireError } from '../../domain/errors.ts'
import type { JobEvent } from '../../domain/job/events.ts'
import { stopSentence, whenToStop } from '../when-to-stop.ts'
import type { StepContext } from './context.ts'

/** The attempt is over without a result; another one follows while retries last and time is left. */
export function interrupt(context: StepContext, sentence: string): void {
  const attempt = context.attempt()
  const job = context.job()
  const rental = context.rental()
  const what: JobEvent = { kind: 'interrupted', attemptId: attempt.id, sentence }
  const after: JobEvent[] = []
  if (isLeaseOver(context)) {
    const stop = whenToStop(context)
    const because = stopSentence(context, stop)
    after.push({
      kind: 'stop-requested',
      reason: stop.reason,
      discard: false,
      ...(because === null ? {} : { sentence: because }),
    })
  } else if (job.interruptions >= job.spec.retries) {
    const times = job.interruptions + 1
    const error = new SubletError(
      'unavailable',
      `${sentence} The job was interrupted ${times} times, which is all that retries allow.`,
    )
    after.push({ kind: 'gave-up', error: toWireError(error) })
  }
  // In one append: a crash in between must not rent again what was to end.
  context.appendBoth(
    [what, ...after],
    rental.phase === 'up' ? [{ kind: 'release-intended', because: sentence }] : [],
  )
}

/** Whether nothing more could run before the end that was confirmed. */
export function isLeaseOver(context: StepContext): boolean {
  return context.clock.now() >= context.rental().endBy - context.job().spec.limits.graceMs
}
