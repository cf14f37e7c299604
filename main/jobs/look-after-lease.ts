import type { StopVerdict } from '../../preload/contract/rental.ts'
import { SubletError } from '../domain/errors.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import type { Machine } from '../machine/machine.ts'
import type { LeaseStatus } from '../machine/supervisor/protocol.ts'
import { Supervisor } from '../machine/supervisor/supervisor.ts'
import type { LeaseTurn } from './lease-turn.ts'
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
  turn: LeaseTurn,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = context
  for (;;) {
    await clock.sleep(everyRealMs / clock.realMs(1), signal)
    if (context.rental().phase !== 'up') return
    await turn.take(async () => await look({ ...context, signal }, machine))
  }
}

async function look(context: StepContext, machine: Machine): Promise<void> {
  const rental = context.rental()
  // An end that was just moved is put on the machine by `keepLeased`.
  if (rental.phase !== 'up' || rental.leasedUntil !== rental.endBy) return
  if (context.providers.capabilities(rental.offer.providerId).selfTermination !== true) return
  if (!(await stillHolds(context, machine, rental))) await leaseAgain(context, machine, rental)
}

async function stillHolds(
  { clock, signal }: StepContext,
  machine: Machine,
  rental: RentalRecord,
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
  rental: RentalRecord,
): Promise<void> {
  context.log.warn({ rental: rental.id }, 'The machine had lost its lease; setting it anew')
  const terms = leaseTerms(context.job().spec.limits, context.clock)
  const verdict = await leaseRental(context, machine, rental, terms)
  const { phase, endBy, leasedUntil } = context.rental()
  // Moved while it was set: the new end is told by `keepLeased`, whose turn is next.
  if (phase !== 'up' || leasedUntil !== endBy) return
  // What is tried again and again stands in the journal once.
  if (holding(verdict) !== holding(context.rental().verdict)) {
    context.appendBoth([], [{ kind: 'leased', verdict, endBy }])
  }
}

function holding(verdict: StopVerdict | null): string {
  return (verdict?.levels ?? []).flatMap(({ level, holds }) => (holds ? level : [])).join(' ')
}
