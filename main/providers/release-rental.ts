import type { Billable, Receipt } from '../../preload/contract/rental.ts'
import type { Micros } from '../../preload/contract/money.ts'
import type { ErrorCode } from '../../preload/contract/errors.ts'
import type { Clock } from '../domain/clock.ts'
import { SubletError } from '../domain/errors.ts'
import { EvidenceNotes } from './evidence.ts'
import type { Account, RentalRef, ReleaseOutcome } from './provider.ts'

/** What ending a rental needs of a provider whose list tells everything that is billed. */
export interface ReleaseParts {
  readonly account: Account
  readonly clock: Clock
  /** The provider's name, for sentences. */
  readonly name: string
  /** As the capabilities say. */
  readonly visibleWithinMs: number
  readonly pollAfterMs: number
  /** What `list` was asked with, for the receipt: `GET /instances`. */
  readonly listing: string
  readonly list: () => AsyncIterable<Billable>
  /** Whether a row is on its way out already and must not be ended again. */
  readonly isEnding: (row: Billable) => boolean
  /** Ends one row; answers what was asked and what came back (`deleted` where it is gone at once). */
  readonly end: (row: Billable) => Promise<{ readonly asked: string; readonly answered: string }>
  /**
   * Removes what the launch made that costs nothing (keys, security groups), once the rest is gone;
   * repeatable. What it removes goes into the receipt.
   */
  readonly cleanUp?: (
    rental: RentalRef,
    note: (asked: string, answered: string) => void,
  ) => Promise<void>
  /** What the provider's meter says of an ended machine, where it says so. */
  readonly bill?: (instanceId: string) => Promise<Bill | null>
}

export interface Bill {
  readonly billedFrom: number | null
  readonly billedTo: number | null
  readonly billedMicros: Micros | null
}

/**
 * Ends the machine and what came with it, and gives a receipt only when the provider's own list has
 * none of it any more. What it does not know counts as gone only once it could have been seen. A
 * machine that carries the rental's name and has another id is not ours to end.
 */
export async function releaseRental(
  parts: ReleaseParts,
  rental: RentalRef,
): Promise<ReleaseOutcome> {
  const { name, clock, visibleWithinMs, pollAfterMs, listing } = parts
  const notes = new EvidenceNotes(clock)
  const first = await rowsOf(parts, rental).catch(async (thrown: unknown) => {
    await endUnlisted(parts, rental, notes).catch(() => undefined) // What the list said matters more.
    throw thrown
  })
  if (first.length === 0) await endUnlisted(parts, rental, notes)
  const machine = first.find(({ kind }) => kind === 'machine')
  const instanceId = rental.instanceId ?? machine?.nativeId ?? null
  for (const row of first) {
    if (parts.isEnding(row)) continue
    const { asked, answered } = await parts.end(row)
    notes.note(asked, answered)
  }
  const left = instanceId === null ? [] : await rowsOf(parts, { ...rental, instanceId })
  if (left.length > 0) {
    const what = left.map(({ kind, nativeId }) => `${kind} ${nativeId}`).join(', ')
    const known = instanceId === null ? {} : { instanceId }
    return { kind: 'pending', message: `${name} still lists ${what}.`, pollAfterMs, ...known }
  }
  notes.note(listing, 'no machine, disk, address or spot request of this rental is listed')
  const knownForMs = clock.now() - rental.launchedAt
  if (machine === undefined && !rental.seen && knownForMs < visibleWithinMs) {
    return {
      kind: 'pending',
      message: `${name} does not know the machine yet; it may still appear.`,
      pollAfterMs: Math.min(pollAfterMs, visibleWithinMs - knownForMs),
    }
  }
  await cleanUp(parts, rental, notes)
  const bill = instanceId === null ? null : ((await parts.bill?.(instanceId)) ?? null)
  return { kind: 'receipt', receipt: receiptOf(parts, { ...rental, instanceId }, bill, notes) }
}

/**
 * Ends a machine by its id that no list shows: one row that cannot be read, or one answer that is
 * not whole, must neither keep a machine alive nor be taken for its end.
 */
async function endUnlisted(
  parts: ReleaseParts,
  { rentalId, instanceId, region }: RentalRef,
  notes: EvidenceNotes,
): Promise<void> {
  if (instanceId === null) return
  const { asked, answered } = await parts.end({
    kind: 'machine',
    providerId: parts.account.providerId,
    accountId: parts.account.id,
    nativeId: instanceId,
    name: rentalId,
    rentalId,
    homeId: null,
    state: 'unknown',
    region,
    microsPerHour: null,
    createdAt: null,
  })
  notes.note(asked, answered)
}

/** What cannot be removed and costs nothing stays, and the receipt says so: the machine is gone. */
async function cleanUp(
  parts: ReleaseParts,
  rental: RentalRef,
  notes: EvidenceNotes,
): Promise<void> {
  try {
    await parts.cleanUp?.(rental, (asked, answered) => notes.note(asked, answered))
  } catch (thrown) {
    if (!(thrown instanceof SubletError) || !isFinal.has(thrown.code)) throw thrown
    notes.note('remove what the launch made beside the machine', `left: ${thrown.message}`)
  }
}

const isFinal: ReadonlySet<ErrorCode> = new Set(['permission', 'invalid', 'quota', 'unsupported'])

/**
 * A known machine, and what was made for it; else whatever carries the rental's name. What the user
 * has attached to the machine is the user's.
 */
async function rowsOf(
  parts: ReleaseParts,
  { rentalId, instanceId }: RentalRef,
): Promise<readonly Billable[]> {
  const found: Billable[] = []
  for await (const row of parts.list()) {
    const machineId = row.kind === 'machine' ? row.nativeId : (row.belongsTo ?? null)
    const isOfMachine = instanceId === null || machineId === null || machineId === instanceId
    const isOurs =
      row.kind === 'machine' && instanceId !== null
        ? machineId === instanceId
        : row.rentalId === rentalId && isOfMachine
    if (isOurs) found.push(row)
  }
  return found
}

function receiptOf(
  { account, clock }: ReleaseParts,
  rental: RentalRef,
  bill: Bill | null,
  notes: EvidenceNotes,
): Receipt {
  // A launch that never took effect has cost nothing; one that was seen has an unknown bill.
  const unknown = rental.seen || rental.instanceId !== null ? null : (0 as Micros)
  return {
    rentalId: rental.rentalId,
    providerId: account.providerId,
    accountId: account.id,
    instanceId: rental.instanceId,
    confirmedAt: clock.now(),
    billedFrom: bill?.billedFrom ?? null,
    billedTo: bill?.billedTo ?? null,
    billedMicros: bill?.billedMicros ?? unknown,
    evidence: notes.all(),
  }
}
