import type { Contract } from '../../../preload/contract/contract.ts'
import { sumMicros } from '../../domain/money.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

/** The handlers about the books. Rentals that still run are priced as of now. */
export function ledgerHandlers(parts: ServiceParts): Handlers<Contract>['ledger'] {
  const { ledger, books, journal } = parts
  return {
    list: async ({ from, to, jobId }) => {
      const open = journal
        .openRentals()
        .flatMap((rental) => books.entries(rental))
        .filter(
          (entry) =>
            (from === undefined || entry.from >= from) &&
            (to === undefined || entry.from < to) &&
            (jobId === undefined || entry.jobId === jobId),
        )
      const entries = [...ledger.list({ from, to, jobId }), ...open]
      return { entries, totalMicros: sumMicros(entries.map((entry) => entry.micros)) }
    },
  }
}
