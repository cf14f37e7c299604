import { receiptSchema, rentalIdSchema } from '../../../preload/contract/rental.ts'
import type { Receipt } from '../../../preload/contract/rental.ts'
import type { RentalAccount } from '../../../main/ledger/rental-account.ts'
import { anOffer } from '../domain/an-offer.ts'

export const hour = 3_600_000
export const morning = Date.parse('2026-06-01T08:00:00Z')
export const jobA = `job-${'a'.repeat(26)}`
export const jobB = `job-${'b'.repeat(26)}`

/** A rental of one H100 at $2.00/h from `morning`, still open and used by job A, unless said otherwise. */
export function anAccount(changes: Partial<RentalAccount> = {}): RentalAccount {
  return {
    rentalId: rentalIdSchema.parse(`sublet-${'0'.repeat(26)}`),
    providerId: 'sandbox',
    accountId: 'main',
    offer: anOffer(),
    launchedAt: morning,
    goneAt: null,
    receipt: null,
    allocations: [allocation(jobA, morning, null)],
    egressBytes: 0,
    estimateMicros: 1_500_000,
    ...changes,
  }
}

export function allocation(
  jobId: string,
  from: number,
  to: number | null,
): RentalAccount['allocations'][number] {
  return { jobId, jobName: `name of ${jobId.slice(4, 5)}`, project: null, from, to }
}

export function aReceipt(changes: Partial<Record<keyof Receipt, unknown>> = {}): Receipt {
  return receiptSchema.parse({
    rentalId: `sublet-${'0'.repeat(26)}`,
    providerId: 'sandbox',
    accountId: 'main',
    instanceId: 'i-1',
    confirmedAt: morning + hour,
    billedFrom: null,
    billedTo: null,
    billedMicros: null,
    evidence: [{ asked: 'GET /machines/i-1', answered: '404', at: morning + hour }],
    ...changes,
  })
}
