import type { Contract } from '../../../preload/contract/contract.ts'
import { budgetsChanged } from '../../jobs/breaker.ts'
import { Budgets } from '../../ledger/budgets.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import { budgetsNow } from '../budget-figures.ts'
import type { ServiceParts } from './context.ts'

/** The handlers about budgets of a day or a month. */
export function budgetHandlers(parts: ServiceParts): Handlers<Contract>['budgets'] {
  const budgets = new Budgets(parts.database)
  return {
    list: async () => budgetsNow(parts),
    set: async (wanted) => {
      const budget = budgets.set(wanted)
      parts.wake.notify(budgetsChanged)
      return { budget }
    },
    remove: async ({ id }) => {
      budgets.remove(id)
      parts.wake.notify(budgetsChanged)
      return {}
    },
  }
}
