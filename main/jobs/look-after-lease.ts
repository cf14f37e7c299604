import type { StopVerdict } from '../../preload/contract/rental.ts'
import { SubletError } from '../domain/errors.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import type { Machine } from '../machine/machine.ts'
import type { LeaseStatus } from '../machine/supervisor/protocol.ts'
import { Supervisor } from '../machine/supervisor/supervisor.ts'
import { leaseRental, leaseTerms, toleranceMs } from './lease-rental.ts'
import type { StepContext } from './steps/context.ts'

/** A watchdog that a job killed is away no longer than this, while this computer is here. */
const everyRealMs = 2 * 60_000

/**
 * Reads the machine's lease back now and then while a job runs, and sets it anew where it does not
 * hold any more: the job may have killed the watchdog or removed its files, or the machine's clock
 * may have moved. Journals the verdict, so that a NO is seen. Runs beside a step until aborted.
 */
export async function lookAfterLease(
  context: StepContext,
  machine: Machine,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = context
  for (;;) {
    await clock.sleep(everyRealMs / clock.realMs(1), signal)
    const rental = context.rental()
    if (rental.phase !== 'up') return
    // An end that was just moved is put on the machine by `keepLeased`.
    if (rental.leasedUntil !== rental.endBy) continue
    if (context.providers.capabilities(rental.offer.providerId).selfTermination !== true) continue
    if (!(await stillHolds(context, machine, rental, signal))) {
      await leaseAgain({ ...context, signal }, machine, rental)
    }
  }
}

async function stillHolds(
  { clock }: StepContext,
  machine: Machine,
  rental: RentalRecord,
  signal: AbortSignal,
): Promise<boolean> {
  const lease = await leaseOf(machine, rental, signal)
  if (lease === null || !lease.watchdog || !lease.hook) return false
  const endsAt = clock.now() + (lease.remainingS * 1_000) / clock.realMs(1)
  return Math.abs(endsAt - rental.endBy) <= toleranceMs
}

/** Null where the machine knows of no lease, or says what makes no sense. */
async function leaseOf(
  machine: Machine,
  rental: RentalRecord,
  signal: AbortSignal,
): Promise<LeaseStatus | null> {
  try {
    return await new Supervisor(machine).readLease(rental.id, { signal })
  } catch (thrown) {
    const isCut = !(thrown instanceof SubletError) || thrown.code === 'unreachable'
    if (isCut || signal.aborted) throw thrown
    return null
  }
}

async function leaseAgain(
  context: StepContext,
  machine: Machine,
  found: RentalRecord,
): Promise<void> {
  context.log.warn({ rental: found.id }, 'The machine had lost its lease; setting it anew')
  const terms = leaseTerms(context.job().spec.limits, context.clock)
  let rental = found
  let verdict = await leaseRental(context, machine, rental, terms)
  // Moved while it was set: this older end may have come after the new one, and must not stay.
  while (context.rental().phase === 'up' && context.rental().endBy !== rental.endBy) {
    rental = context.rental()
    verdict = await leaseRental(context, machine, rental, terms)
  }
  const { phase, endBy, leasedUntil } = context.rental()
  // An end that `keepLeased` is still at is told by it.
  if (phase !== 'up' || leasedUntil !== endBy) return
  // What is tried again and again stands in the journal once.
  if (holding(verdict) !== holding(context.rental().verdict)) {
    context.appendBoth([], [{ kind: 'leased', verdict, endBy }])
  }
}

function holding(verdict: StopVerdict | null): string {
  return (verdict?.levels ?? []).flatMap(({ level, holds }) => (holds ? level : [])).join(' ')
}
