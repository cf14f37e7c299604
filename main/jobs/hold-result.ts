import type { Machine } from '../machine/machine.ts'
import type { LeaseTurn } from './lease-turn.ts'
import { Supervisor } from '../machine/supervisor/supervisor.ts'
import type { StepContext } from './steps/context.ts'

const longestRealMs = 5 * 60_000
const shortestRealMs = 1_000

/**
 * Says to the watchdog now and then that somebody is fetching the result, so that `afterExit` counts
 * only while nobody does: on a slow line the traffic alone does not tell. Only the hard end outranks
 * it. Runs beside the collection until aborted.
 */
export async function holdResult(
  context: StepContext,
  machine: Machine,
  turn: LeaseTurn,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = context
  const afterExitRealMs = clock.realMs(context.job().spec.limits.afterExitMs)
  const everyRealMs = Math.min(longestRealMs, Math.max(shortestRealMs, afterExitRealMs / 4))
  const { id } = context.rental()
  const hold = async (line: Machine): Promise<unknown> =>
    await turn.take(async () => await new Supervisor(line).setLease(id, {}, { signal }))
  await hold(machine)
  await clock.sleep(everyRealMs / clock.realMs(1), signal)
  // A connection of its own from now on: on the other one it would wait behind the results.
  const line = await machine.another(signal)
  try {
    while (context.rental().phase === 'up') {
      await hold(line)
      await clock.sleep(everyRealMs / clock.realMs(1), signal)
    }
  } finally {
    line.close()
  }
}
