import { z } from 'zod'
import type { Micros } from '../../../preload/contract/money.ts'
import type { Receipt } from '../../../preload/contract/rental.ts'
import type { Clock } from '../../domain/clock.ts'
import { SubletError } from '../../domain/errors.ts'
import type { Account, RentalRef, ReleaseOutcome } from '../provider.ts'
import type { SandboxApi } from './api.ts'
import { folders } from './release-by-id.ts'
import { wireBillableSchema, wireMachineSchema } from './wire.ts'
import type { WireBillable, WireMachine } from './wire.ts'

/** A launched machine is visible within this time at the latest (sandbox time). */
export const visibleWithinMs = 15_000

const pollAfterMs = 500

/**
 * Ends the machine, deletes what it left behind, and gives a receipt only when the cloud's own list
 * agrees. What the cloud does not know counts as gone only once it could have been seen. Another
 * machine of the same name is not ours to end once we know our own's id.
 */
export async function releaseRental(
  api: SandboxApi,
  account: Account,
  clock: Clock,
  rental: RentalRef,
  signal: AbortSignal,
): Promise<ReleaseOutcome> {
  const evidence: Receipt['evidence'] = []
  const note = (asked: string, answered: string): void => {
    evidence.push({ asked, answered, at: clock.now() })
  }
  const machinePath = pathOf('machines', rental.instanceId ?? rental.rentalId)
  const machine = await endMachine(api, machinePath, note, signal)
  if (machine !== null && machine.state !== 'ended') {
    return { kind: 'pending', message: 'The sandbox is ending the machine.', pollAfterMs }
  }
  const known = { ...rental, instanceId: rental.instanceId ?? machine?.id ?? null }
  const left = await leftOvers(api, known, signal)
  for (const { kind, id } of left) {
    if (kind === 'machine') continue
    const path = pathOf(folders[kind], id)
    await api.call(z.unknown(), { method: 'DELETE', path }, signal)
    note(`DELETE ${path}`, 'deleted')
  }
  const still = left.length === 0 ? left : await leftOvers(api, known, signal)
  if (still.length > 0) {
    const what = still.map(({ kind, id }) => `${kind} ${id}`).join(', ')
    return { kind: 'pending', message: `The sandbox still lists ${what}.`, pollAfterMs }
  }
  note('GET /v1/billables', 'no machine, disk, address or spot request of this rental is listed')
  const knownForMs = clock.now() - rental.launchedAt
  if (machine === null && !rental.seen && knownForMs < visibleWithinMs) {
    const message = 'The sandbox does not know the machine yet; it may still appear.'
    return { kind: 'pending', message, pollAfterMs: Math.min(1000, visibleWithinMs - knownForMs) }
  }
  // What it left behind has cost something too, until a moment ago.
  const billed =
    machine === null || left.length === 0
      ? machine
      : await endMachine(api, machinePath, note, signal)
  return { kind: 'receipt', receipt: receiptOf(account, clock, rental, billed, evidence) }
}

const pathOf = (folder: string, id: string): string => `/v1/${folder}/${encodeURIComponent(id)}`

async function endMachine(
  api: SandboxApi,
  path: string,
  note: (asked: string, answered: string) => void,
  signal: AbortSignal,
): Promise<WireMachine | null> {
  try {
    const machine = await api.call(wireMachineSchema, { method: 'DELETE', path }, signal)
    note(`DELETE ${path}`, `${machine.state}; billed ${machine.billing.billedMicros} micro-dollars`)
    return machine
  } catch (error) {
    if (!(error instanceof SubletError) || error.code !== 'not-found') throw error
    note(`DELETE ${path}`, error.message)
    return null
  }
}

/** What the rental still has: its machine, and what was made for it or (of no machine) has its name. */
async function leftOvers(
  api: SandboxApi,
  { rentalId, instanceId }: Pick<RentalRef, 'rentalId' | 'instanceId'>,
  signal: AbortSignal,
): Promise<readonly WireBillable[]> {
  const found: WireBillable[] = []
  for await (const row of api.pages(wireBillableSchema, '/v1/billables', signal)) {
    const machineId = row.kind === 'machine' ? row.id : row.machineId
    const isOurs =
      instanceId === null || machineId === null ? row.name === rentalId : machineId === instanceId
    if (isOurs) found.push(row)
  }
  return found
}

function receiptOf(
  account: Account,
  clock: Clock,
  rental: RentalRef,
  machine: WireMachine | null,
  evidence: Receipt['evidence'],
): Receipt {
  // A launch that never took effect has cost nothing; one that was seen has an unknown bill.
  const unseen = rental.seen || rental.instanceId !== null ? null : (0 as Micros)
  return {
    rentalId: rental.rentalId,
    providerId: account.providerId,
    accountId: account.id,
    instanceId: machine?.id ?? rental.instanceId,
    confirmedAt: clock.now(),
    billedFrom: machine?.billing.billedFrom ?? null,
    billedTo: machine?.billing.billedTo ?? null,
    billedMicros: machine?.billing.billedMicros ?? unseen,
    evidence,
  }
}
