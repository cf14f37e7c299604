import { outcomeOf } from '../../domain/job/next-action.ts'
import { lastAttempt } from '../../domain/job/record.ts'
import { runLocalCommands } from '../local-commands.ts'
import { stopError } from './abandon.ts'
import type { StepContext } from './context.ts'
import { toSubletError, toWireError } from '../../domain/errors.ts'

/**
 * Runs the user's `after` steps while the keeper releases, then waits for the receipts of the
 * job's rentals (a machine kept warm gets its own later), and ends the job.
 */
export async function finish(context: StepContext): Promise<void> {
  const job = context.job()
  if (job.stop !== null && !job.stop.late && job.error === null) {
    context.append({
      kind: 'gave-up',
      error: toWireError(stopError(job.stop.reason, job.stop.sentence)),
    })
  }
  if (job.inBucket) {
    context.append({
      kind: 'warned',
      sentence: `The results stay in the bucket, below ${context.jobId}/.`,
    })
  }
  if (mayRunAfter(context)) await after(context)
  await receipts(context)
  context.append({ kind: 'ended', outcome: outcomeOf(context.job()) })
}

/** Only for a job that succeeded, was not stopped, and whose steps have not run before a crash. */
function mayRunAfter(context: StepContext): boolean {
  const job = context.job()
  const succeeded =
    lastAttempt(job)?.exitCode === 0 && job.outputs !== null && !job.inBucket && job.error === null
  return succeeded && job.stop === null && !job.afterRan && job.spec.after.length > 0
}

async function after(context: StepContext): Promise<void> {
  const { spec } = context.job()
  context.progress(0.5, 'Running your after steps on this computer')
  // A command that hangs must not be out of the user's reach.
  const stopped = new AbortController()
  const stopListening = context.journal.onChange(() => {
    if (context.job().stop !== null) stopped.abort()
  })
  try {
    await runLocalCommands(spec.after, {
      cwd: spec.baseDir,
      environment: { ...context.clientEnvironment, SUBLET_OUTPUT: spec.outputDir },
      redact: (text) => context.redactor.redact(text),
      signal: AbortSignal.any([context.signal, stopped.signal]),
    })
  } catch (thrown) {
    context.signal.throwIfAborted()
    // The results are home and the machine goes: a failed after step is said, not fatal.
    context.append({ kind: 'after-ran', failure: toSubletError(thrown).message })
    return
  } finally {
    stopListening()
  }
  context.append({ kind: 'after-ran', failure: null })
}

async function receipts(context: StepContext): Promise<void> {
  const { journal, wake, signal } = context
  for (const attempt of context.job().attempts) {
    if (attempt.keptWarmUntil !== null) continue
    for (;;) {
      const rental = journal.rental(attempt.rentalId)
      if (rental.phase === 'released') break
      context.progress(
        0.8,
        rental.pendingSentence ?? 'Waiting for the proof that the machine is gone',
      )
      await wake.wait(rental.id, null, signal)
    }
  }
}
