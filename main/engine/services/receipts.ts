import type { Contract } from '../../../preload/contract/contract.ts'
import type { RentalId } from '../../../preload/contract/rental.ts'
import { SubletError } from '../../domain/errors.ts'
import { machineWords } from '../../domain/machine-words.ts'
import { receiptsOf } from '../../domain/rental/receipts.ts'
import type { RentalRecord } from '../../domain/rental/record.ts'
import { releaseState } from '../../domain/rental/release-state.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

type Parts = Pick<ServiceParts, 'journal' | 'books' | 'clock' | 'registry'>
type Receipts = Handlers<Contract>['ledger']['receipts']

/** The receipts of a job's machines or of one machine; `invalid` when neither is named. */
export function receiptsHandler(parts: Parts): Receipts {
  return async ({ jobId, rentalId }) => {
    const ids = rentalId === undefined ? rentalsOf(parts, jobId) : [rentalId]
    return { rentals: ids.map((id) => receiptRow(parts, parts.journal.rental(id))) }
  }
}

function rentalsOf({ journal }: Parts, jobId: string | undefined): readonly RentalId[] {
  if (jobId === undefined) {
    throw new SubletError('invalid', 'Say whose receipt: a job’s or a machine’s.')
  }
  return [...new Set(journal.job(jobId).attempts.map((attempt) => attempt.rentalId))]
}

function receiptRow({ books, clock, registry }: Parts, rental: RentalRecord) {
  return {
    rentalId: rental.id,
    machine: machineWords(rental.offer, registry.about(rental.offer.providerId).name),
    jobName: rental.allocations.at(-1)?.jobName ?? null,
    simulated: rental.offer.simulated,
    micros: books.costMicros(rental),
    receipts: receiptsOf(rental),
    releasing: releaseState(rental, clock.now()),
  }
}
