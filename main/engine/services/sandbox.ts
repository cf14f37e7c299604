import type { Contract } from '../../../preload/contract/contract.ts'
import { SubletError } from '../../domain/errors.ts'
import { micros } from '../../domain/money.ts'
import { sandboxStatus, stopSandbox } from '../../providers/sandbox/status.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

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
