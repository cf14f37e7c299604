import { LocalDiskFullError, toWireError } from '../domain/errors.ts'
import type { Machine } from '../machine/machine.ts'
import { collectPass } from './steps/collect.ts'
import type { StepContext } from './steps/context.ts'

/** Physical time between two passes of the output mirror. */
const mirrorEveryRealMs = 30_000
/** The same once the provider has announced that it takes the machine back. */
const hurriedMirrorEveryRealMs = 1_000

/**
 * Newest outputs come home while the job runs, so that a lost machine costs one interval at most.
 * Runs until aborted; `hurry` shortens the interval.
 */
export async function mirrorOutputs(
  context: StepContext,
  machine: Machine,
  hurry: AbortSignal,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = context
  for (;;) {
    const everyMs = hurry.aborted ? hurriedMirrorEveryRealMs : mirrorEveryRealMs
    const woken = hurry.aborted ? signal : AbortSignal.any([signal, hurry])
    await clock.sleep(everyMs / clock.realMs(1), woken).catch(() => undefined) // Woken.
    signal.throwIfAborted()
    try {
      const report = await collectPass(context, machine, { verify: false, signal })
      if (report.bytesReceived > 0) {
        context.appendBoth([], [{ kind: 'egress-measured', bytes: report.bytesReceived }])
      }
    } catch (thrown) {
      signal.throwIfAborted()
      if (!(thrown instanceof LocalDiskFullError)) throw thrown
      // The final pass repeats and says it; the job must not suffer from a full disk here.
      context.log.warn({ error: toWireError(thrown) }, `${context.jobId}: mirroring failed`)
    }
  }
}
