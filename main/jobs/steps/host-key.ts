import type { HostKey } from '../../../preload/contract/rental.ts'
import type { RentalRecord } from '../../domain/rental/record.ts'
import type { KeyPair } from '../../machine/ssh/keys.ts'
import type { StepContext } from './context.ts'

/** The host key to launch with, where the provider puts one on the machine; else null. */
export async function hostKeyToInject(context: StepContext): Promise<KeyPair | null> {
  const { machines, providers, redactor } = context
  const { id, offer } = context.rental()
  if (providers.capabilities(offer.providerId).hostKey !== 'injected') return null
  const pair = await machines.injectedHostKey(id)
  // A provider may repeat the user data in an error.
  redactor.add(pair.privateKey)
  return pair
}

/**
 * Right after the first log-in: an injected host key is replaced, and which key the machine is known
 * by is journaled. Safe to repeat after a kill anywhere. Answers whether the machine has to be
 * connected to anew.
 */
export async function settleHostKey(context: StepContext): Promise<boolean> {
  const { machines, signal } = context
  const rental = context.rental()
  if (rental.hostKey !== null) return false
  const from = originOf(context, rental)
  if (from === 'injected') context.progress(0.2, 'Replacing the host key that came with the launch')
  const known =
    from === 'injected'
      ? await machines.renewHostKey(rental, signal)
      : { fingerprint: (await machines.fingerprint(rental.id)) ?? '', keptBecause: null }
  context.appendBoth([], [{ kind: 'host-key', from, ...known }])
  return from === 'injected'
}

function originOf({ providers }: StepContext, { offer, ssh }: RentalRecord): HostKey['from'] {
  const { hostKey } = providers.capabilities(offer.providerId)
  const isTold = ssh !== null && ssh.hostKeys.length > 0
  switch (hostKey) {
    case 'injected':
      return 'injected'
    case 'published':
      return isTold ? 'published' : 'first-use'
    case 'first-use':
      return isTold ? 'confirmed' : 'first-use'
  }
}
