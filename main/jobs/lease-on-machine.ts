import type { RentalRecord } from '../domain/rental/record.ts'
import type { Clock } from '../domain/clock.ts'
import type { LeaseStatus } from '../machine/supervisor/protocol.ts'
import type { Supervisor } from '../machine/supervisor/supervisor.ts'
import type { ProviderSession } from '../providers/provider.ts'
import { rentalRef } from './rental-ref.ts'

export interface MachineLeaseTerms {
  readonly afterExitMs: number
  readonly graceMs: number
  /** 0 turns the idle end off. */
  readonly idleMs: number
}

/**
 * Puts the lease on the machine before anything else is done there: the way to end the machine
 * first, then the watchdog that uses it. Answers what the machine then says of it.
 */
export async function setMachineLease(
  supervisor: Supervisor,
  session: ProviderSession,
  rental: RentalRecord,
  terms: MachineLeaseTerms,
  clock: Clock,
  signal: AbortSignal,
): Promise<LeaseStatus> {
  await supervisor.install({ signal })
  const command = session.selfTerminateCommand?.(rentalRef(rental))
  if (command !== undefined) {
    await supervisor.writeHook(rental.id, `#!/bin/sh\n${command}\n`, { signal })
  }
  return supervisor.setLease(
    rental.id,
    {
      endsInS: physicalSeconds(clock, Math.max(0, rental.endBy - clock.now())),
      afterExitS: physicalSeconds(clock, terms.afterExitMs),
      graceS: physicalSeconds(clock, terms.graceMs),
      idleS: physicalSeconds(clock, terms.idleMs),
    },
    { signal },
  )
}

/** Engine time as physical seconds, which is what a machine counts; at least one where not zero. */
export function physicalSeconds(clock: Clock, durationMs: number): number {
  return durationMs === 0 ? 0 : Math.max(1, Math.floor(clock.realMs(durationMs) / 1_000))
}
