import type { StopVerdict } from '../../preload/contract/rental.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import { stopVerdict } from '../domain/lease.ts'
import { firstLeaseScript } from '../machine/supervisor/first-lease.ts'
import type { Instance, ProviderSession } from '../providers/provider.ts'
import { physicalSeconds } from './lease-on-machine.ts'
import { leaseTerms } from './lease-rental.ts'
import { rentalRef } from './rental-ref.ts'
import type { StepContext } from './steps/context.ts'

/**
 * The lease as a machine's first start can hold it, so that it ends itself though this computer
 * dies between the launch and the first contact. Undefined where the provider runs no user data,
 * or the machine could not end itself. Counts from the first call of `launch`, like `endBy`.
 */
export function leaseUserData(
  context: StepContext,
  session: ProviderSession,
  rental: RentalRecord,
): string | undefined {
  const { clock, providers } = context
  const { userData, selfTermination } = providers.capabilities(rental.offer.providerId)
  const hook = session.selfTerminateCommand?.(rentalRef(rental))
  if (userData !== true || selfTermination !== true || hook === undefined) return undefined
  const now = clock.now()
  const sentAt = rental.launchIssuedAt ?? now
  const terms = leaseTerms(context.job().spec.limits, clock)
  return firstLeaseScript({
    rentalId: rental.id,
    endsInS: physicalSeconds(clock, Math.max(0, rental.endBy - sentAt)),
    // The machine compares it with its own clock, which is physical time.
    sentAtS: Math.round((Date.now() - clock.realMs(now - sentAt)) / 1_000),
    bootS: physicalSeconds(clock, rental.offer.expectedBootMs),
    afterExitS: physicalSeconds(clock, terms.afterExitMs),
    idleS: physicalSeconds(clock, terms.idleMs),
    graceS: physicalSeconds(clock, terms.graceMs),
    hook,
  })
}

/**
 * The verdict at launch: holds where the provider's answer says that it ends the machine. Null
 * where it does not say so, until the machine was asked.
 */
export function verdictAtLaunch(
  context: StepContext,
  instance: Instance,
  rental: RentalRecord,
): StopVerdict | null {
  const { userData, selfTermination } = context.providers.capabilities(rental.offer.providerId)
  if (typeof instance.expiresAt !== 'number') return null
  const client = context.providers.clientLevel(rental.accountId)
  const unread =
    userData === true
      ? 'The watchdog comes with its first start; it was not read back yet.'
      : 'The watchdog is put on it at the first contact.'
  const verdict = stopVerdict(
    {
      provider: { kind: 'read', endsAt: instance.expiresAt },
      machine: { kind: 'none', because: selfTermination === true ? unread : selfTermination },
      client:
        client === true
          ? { kind: 'read', endsAt: rental.endBy }
          : { kind: 'none', because: client },
    },
    rental.endBy,
  )
  return verdict.stopsByItself ? verdict : null
}
