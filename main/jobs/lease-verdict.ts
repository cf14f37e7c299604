import type { StopVerdict } from '../../preload/contract/rental.ts'
import type { Clock } from '../domain/clock.ts'
import { toSubletError } from '../domain/errors.ts'
import { stopVerdict, type LeaseReading } from '../domain/lease.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import type { LeaseStatus } from '../machine/supervisor/protocol.ts'
import type { Capabilities, Capability, ProviderSession } from '../providers/provider.ts'
import { rentalRef } from './rental-ref.ts'

/** Reads every level back and judges: what cannot be read back does not count. */
export async function readVerdict(
  rental: RentalRecord,
  session: ProviderSession,
  capabilities: Capabilities,
  clientLevel: Capability,
  machineLease: LeaseStatus,
  clock: Clock,
  signal: AbortSignal,
): Promise<StopVerdict> {
  // Of this moment: a provider may take its time to answer, and the machine's seconds run meanwhile.
  const machine = machineReading(capabilities, machineLease, clock)
  return stopVerdict(
    {
      provider: await providerReading(rental, session, capabilities, signal),
      machine,
      client:
        clientLevel === true
          ? { kind: 'read', endsAt: rental.endBy }
          : { kind: 'none', because: clientLevel },
    },
    rental.endBy,
  )
}

async function providerReading(
  rental: RentalRecord,
  session: ProviderSession,
  capabilities: Capabilities,
  signal: AbortSignal,
): Promise<LeaseReading> {
  if (session.expiry === undefined || capabilities.expiry !== true) {
    const because = capabilities.expiry === true ? 'It has no expiry.' : capabilities.expiry
    return { kind: 'none', because }
  }
  try {
    const ref = rentalRef(rental)
    const before = await session.expiry.read(ref, signal)
    if (before !== rental.endBy) await session.expiry.set(ref, rental.endBy, signal)
    const endsAt = await session.expiry.read(ref, signal)
    return endsAt === null
      ? { kind: 'none', because: 'The provider did not confirm an expiry.' }
      : { kind: 'read', endsAt }
  } catch (thrown) {
    signal.throwIfAborted()
    return {
      kind: 'none',
      because: `The expiry could not be read back: ${toSubletError(thrown).message}`,
    }
  }
}

function machineReading(
  capabilities: Capabilities,
  lease: LeaseStatus,
  clock: Clock,
): LeaseReading {
  if (!lease.hook) {
    const because =
      capabilities.selfTermination === true
        ? 'The machine has no way to end itself.'
        : capabilities.selfTermination
    return { kind: 'none', because }
  }
  if (!lease.watchdog) return { kind: 'none', because: 'The watchdog on the machine does not run.' }
  const perRealMs = 1 / clock.realMs(1)
  return { kind: 'read', endsAt: Math.round(clock.now() + lease.remainingS * 1_000 * perRealMs) }
}
