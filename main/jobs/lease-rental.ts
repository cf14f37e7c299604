import type { StopVerdict } from '../../preload/contract/rental.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import type { Machine } from '../machine/machine.ts'
import { Supervisor } from '../machine/supervisor/supervisor.ts'
import { setMachineLease, type MachineLeaseTerms } from './lease-on-machine.ts'
import { readVerdict } from './lease-verdict.ts'
import type { StepContext } from './steps/context.ts'

/**
 * Sets a rental's lease, up to `rental.endBy`, on the machine and at the provider, and judges by
 * what both then say of it.
 */
export async function leaseRental(
  context: StepContext,
  machine: Machine,
  rental: RentalRecord,
  terms: MachineLeaseTerms,
): Promise<StopVerdict> {
  const { providers, clock, signal } = context
  const session = await providers.session(rental.accountId)
  const supervisor = new Supervisor(machine)
  const lease = await setMachineLease(supervisor, session, rental, terms, clock, signal)
  return readVerdict(
    rental,
    session,
    providers.capabilities(rental.offer.providerId),
    providers.clientLevel(rental.accountId),
    lease,
    clock,
    signal,
  )
}
