import { toSubletError, toWireError } from '../domain/errors.ts'
import type { Supervisor } from '../machine/supervisor/supervisor.ts'
import type { StepContext } from './steps/context.ts'

/**
 * Tells the job to write its checkpoint. A job that neither declares nor catches the signal is not
 * touched by it. That the machine does not answer is logged, never thrown.
 */
export async function askForCheckpoint(
  context: StepContext,
  supervisor: Supervisor,
  signal: AbortSignal,
): Promise<void> {
  const { checkpointSignal } = context.job().spec
  try {
    await supervisor.checkpoint(
      context.attempt().id,
      checkpointSignal ?? 'USR1',
      checkpointSignal !== null,
      { signal },
    )
  } catch (thrown) {
    signal.throwIfAborted()
    context.log.warn({ error: toWireError(toSubletError(thrown)) }, 'No checkpoint was asked for')
  }
}
