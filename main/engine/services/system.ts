import type { Contract } from '../../../preload/contract/contract.ts'
import { sumMicros } from '../../domain/money.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import { watchOverview } from '../overview.ts'
import type { ServiceParts } from './context.ts'
import { doctor } from './doctor.ts'

/** The handlers about the engine itself. */
export function systemHandlers(parts: ServiceParts): Handlers<Contract>['system'] {
  const { journal, vault } = parts
  return {
    status: async () => {
      const rentals = journal.openRentals()
      return {
        version: parts.version,
        pid: process.pid,
        homeId: parts.homeId,
        homeDir: parts.home.dir,
        startedAt: parts.startedAt,
        activeJobs: journal.openJobs().length,
        rentalsWithoutReceipt: rentals.length,
        burnMicrosPerHour: sumMicros(
          rentals
            .filter((rental) => rental.launchIssuedAt !== null)
            .map((rental) => rental.offer.microsPerHour),
        ),
        keychain: vault.state,
      }
    },
    muteNotice: async ({ noticeId }) => {
      parts.notices.mute(noticeId)
      return {}
    },
    watch: async (_input, { signal }) => watchOverview(parts, signal),
    shutdown: async ({ force }) => {
      parts.shutdown({ force })
      return {}
    },
    doctor: async ({ environment }, { signal }) => {
      parts.clientEnvironment.learn(environment)
      return { checks: await doctor(parts, signal) }
    },
  }
}
