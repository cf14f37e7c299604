import type { Contract } from '../../../preload/contract/contract.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

/** The handlers about budgets. */
export function budgetHandlers(_parts: ServiceParts): Handlers<Contract>['budgets'] {
  return {}
}
