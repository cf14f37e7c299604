import { SubletError } from '../../domain/errors.ts'
import { rentalRef } from '../rental-ref.ts'
import type { StepContext } from './context.ts'

/**
 * Whether the machine is certainly no more: by the provider's own word, or because it is being
 * released. "Cannot reach" and "the provider does not answer" are unknown, so they count as no.
 */
export async function isGone(context: StepContext): Promise<boolean> {
  const rental = context.rental()
  if (rental.phase === 'releasing' || rental.phase === 'released') return true
  try {
    const session = await context.providers.session(rental.accountId)
    const instance = await session.describe(rentalRef(rental), context.signal)
    return instance.state === 'gone' || instance.state === 'failed' || instance.state === 'stopping'
  } catch (thrown) {
    context.signal.throwIfAborted()
    return thrown instanceof SubletError && thrown.code === 'not-found'
  }
}
