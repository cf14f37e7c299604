import { toWireError } from '../../domain/errors.ts'
import { Backoff } from '../backoff.ts'
import { collectPass } from './collect.ts'
import { connectTo } from './connect-to.ts'
import type { StepContext } from './context.ts'
import { isGone } from './gone.ts'

const tries = 6

/**
 * A machine that restarted under its job still holds what the job had written: it comes home
 * before the machine goes. Gives up after some tries, or when the machine is gone.
 */
export async function saveWhatIsLeft(context: StepContext): Promise<void> {
  const { signal, clock } = context
  const backoff = new Backoff(clock, { firstMs: 1_000, maxMs: 30_000 })
  for (let left = tries; left > 0; left -= 1) {
    try {
      context.progress(0.9, 'Saving what the job had written before the machine restarted')
      const machine = await connectTo(context)
      const report = await collectPass(context, machine, signal)
      context.appendBoth([], [{ kind: 'egress-measured', bytes: report.bytesReceived }])
      return
    } catch (thrown) {
      signal.throwIfAborted()
      context.log.warn({ error: toWireError(thrown) }, `${context.jobId}: saving what is left`)
      if (await isGone(context)) return
    }
    await backoff.wait(signal)
  }
}
