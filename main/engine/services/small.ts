import type { Contract } from '../../../preload/contract/contract.ts'
import { SubletError } from '../../domain/errors.ts'
import { micros, sumMicros } from '../../domain/money.ts'
import { sandboxStatus, stopSandbox } from '../../providers/sandbox/status.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

/** The handlers about offers. */
export function offerHandlers(parts: ServiceParts): Handlers<Contract>['offers'] {
  return {
    list: async ({ query, environment }, { signal }) => {
      parts.clientEnvironment.learn(environment)
      return parts.providers.offers(query, signal)
    },
  }
}

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

/** The handlers about secrets of jobs: values go in, names come out. */
export function secretHandlers(parts: ServiceParts): Handlers<Contract>['secrets'] {
  const { secretStore, vault } = parts
  return {
    set: async ({ name, value }) => {
      await secretStore.set(name, value)
      return vault.state
    },
    list: async () => secretStore.list(),
    remove: async ({ name }) => {
      await secretStore.remove(name)
      return {}
    },
  }
}

/** The handlers about the practice cloud's program. */
export function sandboxHandlers(parts: ServiceParts): Handlers<Contract>['sandbox'] {
  const stateDir = parts.paths.provider('sandbox')
  return {
    status: async (_input, { signal }) => {
      const status = await sandboxStatus(stateDir, signal)
      return { ...status, billedMicros: micros(status.billedMicros) }
    },
    stop: async ({ force }, { signal }) => {
      const ours = parts.journal
        .openRentals()
        .filter((rental) => rental.offer.providerId === 'sandbox')
      if (ours.length > 0 && !force) {
        throw new SubletError(
          'conflict',
          `${ours.length} machine(s) are rented on the sandbox. Stop their jobs first, or use --force.`,
        )
      }
      await stopSandbox(stateDir, { force }, signal)
      return {}
    },
  }
}
