import { toSubletError, toWireError } from '../domain/errors.ts'
import { formatTime } from '../domain/format.ts'
import type { Supervisor } from '../machine/supervisor/supervisor.ts'
import { askForCheckpoint } from './checkpoint.ts'
import { rentalRef } from './rental-ref.ts'
import type { StepContext } from './steps/context.ts'

/** Notices are as short as 30 s, so that looking once a mirror pass would be too late. */
const lookEveryRealMs = 3_000

/**
 * For spot machines: resolves when the provider has announced that it takes this one back, after
 * the job was told to write its checkpoint. Rejects when aborted.
 */
export async function heedReclaim(
  context: StepContext,
  supervisor: Supervisor,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = context
  for (;;) {
    await clock.sleep(lookEveryRealMs / clock.realMs(1), signal)
    const reclaimAt = await announced(context, signal)
    if (reclaimAt === null) continue
    const sentence = `The provider takes the machine back at ${formatTime(reclaimAt, { near: clock.now() })}; what the job has made until then comes home for the next attempt.`
    if (!context.job().warnings.includes(sentence)) context.append({ kind: 'warned', sentence })
    await askForCheckpoint(context, supervisor, signal)
    return
  }
}

async function announced(context: StepContext, signal: AbortSignal): Promise<number | null> {
  try {
    const session = await context.providers.session(context.rental().accountId)
    return (await session.describe(rentalRef(context.rental()), signal)).reclaimAt
  } catch (thrown) {
    signal.throwIfAborted()
    context.log.info({ error: toWireError(toSubletError(thrown)) }, 'No word on a reclaim; again')
    return null
  }
}
