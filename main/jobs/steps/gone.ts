import { SubletError, toSubletError, toWireError } from '../../domain/errors.ts'
import { isOfRental } from '../../domain/radar/belongs.ts'
import type { ProviderSession } from '../../providers/provider.ts'
import { rentalRef } from '../rental-ref.ts'
import type { StepContext } from './context.ts'

/** One wrong answer must not end a machine: the provider is asked again after this. */
const secondLookRealMs = 2_000
/** A machine that its provider calls failed may come back; one that still is after this will not. */
const failedForRealMs = 60_000

/**
 * Whether a machine that cannot be reached is certainly of no more use: because it is being
 * released, because the provider says that it is gone, its list agrees, and both say it twice, or
 * because the provider calls it failed and does so still a minute later. Such a machine is listed,
 * and billed, for as long as nobody ends it. "Cannot reach" and "does not answer" are unknown, so
 * they count as no.
 */
export async function isGone(context: StepContext): Promise<boolean> {
  const { clock, signal } = context
  const rental = context.rental()
  if (rental.phase === 'releasing' || rental.phase === 'released') return true
  try {
    const session = await context.providers.session(rental.accountId)
    const said = await says(context, session)
    if (said === 'lives') return false
    const isListed = await lists(context, session)
    if (isListed && said !== 'failed') return false
    await clock.sleep((isListed ? failedForRealMs : secondLookRealMs) / clock.realMs(1), signal)
    const saidAgain = await says(context, session)
    if (isListed) return saidAgain !== 'lives'
    return saidAgain !== 'lives' && !(await lists(context, session))
  } catch (thrown) {
    signal.throwIfAborted()
    context.log.info(
      { error: toWireError(thrown) },
      `${context.jobId}: the provider does not say whether the machine lives`,
    )
    return false
  }
}

/**
 * For the steps before the run: a machine that is gone answers as one that cannot be reached, is
 * never let in, or is somebody else's by now. Throws what lets the job go to the next offer where
 * the provider says that it is gone; else resolves, and what was thrown stands.
 */
export async function refuseIfGone(context: StepContext, thrown: unknown): Promise<void> {
  const { code } = toSubletError(thrown)
  if (code !== 'unreachable' && code !== 'auth' && code !== 'host-key') return
  if (!(await isGone(context))) return
  throw new SubletError(
    'no-capacity',
    'The provider took the machine away before the job ran; trying another.',
    { cause: thrown },
  )
}

async function says(
  context: StepContext,
  session: ProviderSession,
): Promise<'lives' | 'failed' | 'gone'> {
  try {
    const { state } = await session.describe(rentalRef(context.rental()), context.signal)
    return state === 'gone' || state === 'failed' ? state : 'lives'
  } catch (thrown) {
    if (thrown instanceof SubletError && thrown.code === 'not-found') return 'gone'
    throw thrown
  }
}

/** Whether the machine itself is still listed; a disk that was left over is the keeper's business. */
async function lists(context: StepContext, session: ProviderSession): Promise<boolean> {
  const rental = context.rental()
  for await (const billable of session.list(context.signal)) {
    // A copy of it under the same name says nothing about it.
    if (billable.kind === 'machine' && isOfRental(billable, rental)) return true
  }
  return false
}
