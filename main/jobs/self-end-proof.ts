import type { RentalRecord } from '../domain/rental/record.ts'
import { shellQuote } from '../domain/shell-quote.ts'
import type { LeaseStatus } from '../machine/supervisor/protocol.ts'
import type { Machine } from '../machine/machine.ts'
import type { ProviderSession } from '../providers/provider.ts'
import { rentalRef } from './rental-ref.ts'

/** Physical time: some requests to the provider from over there, each with a limit of its own. */
const timeoutMs = 120_000

/**
 * The lease with what the machine can really do: a way to end itself that fails when it is tried
 * does not count. Where its provider has nothing to try, the lease is taken as it is.
 */
export async function withProvenHook(
  lease: LeaseStatus,
  machine: Pick<Machine, 'exec'>,
  session: Pick<ProviderSession, 'selfTerminateProof'>,
  rental: RentalRecord,
  signal: AbortSignal,
): Promise<LeaseStatus> {
  const proof = session.selfTerminateProof?.(rentalRef(rental))
  if (proof === undefined || !lease.hook) return lease
  const { exitCode } = await machine.exec(`sh -c ${shellQuote(proof)}`, { signal, timeoutMs })
  return { ...lease, hook: exitCode === 0 }
}
