import type { Contract } from '../../../preload/contract/contract.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

/** The handlers about metrics. */
export function metricsHandlers(_parts: ServiceParts): Handlers<Contract>['metrics'] {
  return {}
}
