import { z } from 'zod'
import { budgetScopeSchema, budgetSchema, budgetStateSchema } from '../budget.ts'
import { microsSchema } from '../money.ts'
import { call } from '../procedure.ts'
import { nothing } from './common.ts'

/** The procedures about monthly budgets. */
export const budgetsService = {
  /** All budgets with what has been spent of them this month. */
  list: call(nothing, z.object({ month: z.string(), states: z.array(budgetStateSchema) })),
  /** Makes the budget of a scope, or changes its amount. */
  set: call(
    z.object({ scope: budgetScopeSchema, micros: microsSchema }),
    z.object({ budget: budgetSchema }),
  ),
  /** Removing what is not there is no error. */
  remove: call(z.object({ id: z.string() }), nothing),
} as const
