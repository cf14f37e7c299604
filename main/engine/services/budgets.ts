import type { Contract } from '../../../preload/contract/contract.ts'
import { Budgets } from '../../ledger/budgets.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import { budgetsNow } from '../budget-figures.ts'
import type { ServiceParts } from './context.ts'

/** The handlers about monthly budgets. */
export function budgetHandlers(parts: ServiceParts): Handlers<Contract>['budgets'] {
  const budgets = new Budgets(parts.database)
  return {
    list: async () => budgetsNow(parts),
    set: async ({ scope, micros }) => ({ budget: budgets.set(scope, micros) }),
    remove: async ({ id }) => {
      budgets.remove(id)
      return {}
    },
  }
}
