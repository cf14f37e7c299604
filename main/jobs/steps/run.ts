import { LocalDiskFullError, SubletError, toSubletError, toWireError } from '../../domain/errors.ts'
import type { Machine } from '../../machine/machine.ts'
import { Supervisor } from '../../machine/supervisor/supervisor.ts'
import type { AttemptStatus } from '../../machine/supervisor/protocol.ts'
import { followRun } from '../follow-run.ts'
import { LeaseTurn } from '../lease-turn.ts'
import { Backoff } from '../backoff.ts'
import type { StepContext } from './context.ts'
import { connectTo } from './connect-to.ts'
import { interrupt } from './interrupt.ts'
import { saveWhatIsLeft } from './save-what-is-left.ts'
import { isGone } from './gone.ts'

/** A connection that lasted this long was a good one: the pauses begin anew. */
const goodConnectionMs = 30_000

/**
 * Follows the job until it has ended: log, metrics, mirror, and the order to stop when the user,
 * the budget or the lease says so. A cut connection is unknown, never failed: it re-attaches where
 * it was, for as long as the provider does not say that the machine is gone.
 */
export async function run(context: StepContext): Promise<void> {
  const { signal, clock } = context
  const backoff = new Backoff(clock, { firstMs: 250, maxMs: 15_000 })
  const turn = new LeaseTurn()
  for (;;) {
    signal.throwIfAborted()
    const beganAt = performance.now()
    try {
      const machine = await connectTo(context)
      const status = await followOrAsk(context, machine, turn)
      if (status.state === 'exited') {
        context.append(exitEvent(context, status))
        return
      }
      if (status.state === 'lost') await saveWhatIsLeft(context)
      if (status.state === 'lost' || status.state === 'absent') {
        interrupt(context, 'The machine restarted and the job was lost with it.')
        return
      }
    } catch (thrown) {
      signal.throwIfAborted()
      const error = toSubletError(thrown)
      context.machines.drop(context.rental().id)
      // Also for another host key: the address of a machine that is gone may be somebody else's.
      if (await isGone(context)) {
        interrupt(context, goneSentence(context))
        return
      }
      if (error.code === 'host-key') throw error
      context.log.info({ error: toWireError(error) }, `${context.jobId}: re-attaching`)
      const why =
        error instanceof LocalDiskFullError
          ? 'The log cannot be written'
          : 'Cannot reach the machine'
      context.progress(0, `${why}; the job goes on there. ${error.message}`)
    }
    if (performance.now() - beganAt > goodConnectionMs) backoff.reset()
    await backoff.wait(signal)
  }
}

/** A machine that answers, but knows nothing of the job, was wiped: that is asked, not assumed. */
async function followOrAsk(
  context: StepContext,
  machine: Machine,
  turn: LeaseTurn,
): Promise<AttemptStatus> {
  const { signal } = context
  const supervisor = new Supervisor(machine)
  try {
    return await followRun(context, machine, supervisor, turn)
  } catch (thrown) {
    signal.throwIfAborted()
    const isCut = !(thrown instanceof SubletError) || thrown.code === 'unreachable'
    if (isCut || thrown instanceof LocalDiskFullError || machine.lost.aborted) throw thrown
    await supervisor.install({ signal })
    return supervisor.attemptStatus(context.attempt().id, { signal })
  }
}

function exitEvent(context: StepContext, status: AttemptStatus) {
  const { exitCode, signal, phase } = status
  const how =
    signal === null
      ? `ended with exit code ${exitCode ?? 'unknown'}`
      : `was ended by signal ${signal}`
  return {
    kind: 'exited' as const,
    attemptId: context.attempt().id,
    exitCode,
    inSetup: phase === 'setup',
    sentence: phase === 'setup' ? `The set-up ${how}` : `The job ${how}`,
  }
}

/** The keeper ended the lease, or the provider took the machine away. */
function goneSentence(context: StepContext): string {
  const { releaseBecause } = context.rental()
  return releaseBecause === null
    ? 'The provider took the machine away.'
    : `The machine was given back: ${releaseBecause}`
}
