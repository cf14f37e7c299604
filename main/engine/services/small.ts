import type { Contract } from '../../../preload/contract/contract.ts'
import { SubletError } from '../../domain/errors.ts'
import { explainNoOffer } from '../../domain/explain-no-offer.ts'
import { micros, sumMicros } from '../../domain/money.ts'
import { offerFilter } from '../../domain/offer-filter.ts'
import { sandboxStatus, stopSandbox } from '../../providers/sandbox/status.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

/** The handlers about offers: those that fit, cheapest first. */
export function offerHandlers(parts: ServiceParts): Handlers<Contract>['offers'] {
  return {
    list: async ({ query, environment }, { signal }) => {
      parts.clientEnvironment.learn(environment)
      const { offers, sources } = await parts.providers.offers(query, signal)
      const fitting = offers
        .filter(offerFilter(query))
        .sort((a, b) => a.microsPerHour - b.microsPerHour)
      if (fitting.length === 0 && sources.every((source) => source.ok)) {
        throw new SubletError('no-offer', explainNoOffer(offers, query))
      }
      return { offers: fitting, sources }
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
