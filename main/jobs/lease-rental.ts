import type { JobSpec } from '../../preload/contract/job-spec.ts'
import type { StopVerdict } from '../../preload/contract/rental.ts'
import type { Clock } from '../domain/clock.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import type { Machine } from '../machine/machine.ts'
import { Supervisor } from '../machine/supervisor/supervisor.ts'
import { setMachineLease, type MachineLeaseTerms } from './lease-on-machine.ts'
import { readVerdict } from './lease-verdict.ts'
import { withProvenHook } from './self-end-proof.ts'
import type { StepContext } from './steps/context.ts'

/** A provider rounds to the minute; more than this earlier is another end. */
export const toleranceMs = 120_000

/** If this computer dies while it uploads, the machine must not wait for it until its lease ends. */
const idleRealMs = 30 * 60_000

/** The lease's terms while a job holds the machine. */
export function leaseTerms(limits: JobSpec['limits'], clock: Clock): MachineLeaseTerms {
  return {
    afterExitMs: limits.afterExitMs,
    graceMs: limits.graceMs,
    // Physical time, whatever the speed of engine time: it is about a computer that is away.
    idleMs: idleRealMs / clock.realMs(1),
  }
}

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
  const { providers, clock, signal, log } = context
  const session = await providers.session(rental.accountId)
  const supervisor = new Supervisor(machine)
  const capabilities = providers.capabilities(rental.offer.providerId)
  const set = await setMachineLease(supervisor, session, rental, terms, clock, signal)
  const lease = await withProvenHook(set, machine, session, rental, signal)
  if (
    lease.before === 'none' &&
    capabilities.userData === true &&
    capabilities.selfTermination === true
  ) {
    log.warn({ rental: rental.id }, 'Its first start had set no lease; it has one now')
  }
  return readVerdict(
    rental,
    session,
    capabilities,
    providers.clientLevel(rental.accountId),
    lease,
    clock,
    signal,
  )
}

/**
 * When the provider may end the machine although a later end was asked for: it confirmed this one
 * before, and did not answer to the new one. Null when nothing speaks for that.
 */
export function endsEarlierMaybe(
  before: StopVerdict | null,
  verdict: StopVerdict,
  endBy: number,
): number | null {
  const byProvider = (one: StopVerdict | null) =>
    one?.levels.find(({ level }) => level === 'provider') ?? null
  const known = byProvider(before)
  if (known?.holds !== true || known.endsAt === null || known.endsAt >= endBy - toleranceMs)
    return null
  return byProvider(verdict)?.holds === true ? null : known.endsAt
}
