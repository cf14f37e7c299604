import { z } from 'zod'
import {
  budgetActionSchema,
  budgetPeriodSchema,
  budgetScopeSchema,
  budgetSchema,
  budgetStateSchema,
} from '../budget.ts'
import { microsSchema } from '../money.ts'
import { call } from '../procedure.ts'
import { nothing } from './common.ts'

/** The procedures about budgets of a day or a month. */
export const budgetsService = {
  /** All budgets with what has been spent of them today, or this month. */
  list: call(nothing, z.object({ month: z.string(), states: z.array(budgetStateSchema) })),
  /** Makes the budget of a scope and period, or changes its amount and action. */
  set: call(
    z.object({
      scope: budgetScopeSchema,
      period: budgetPeriodSchema,
      action: budgetActionSchema,
      micros: microsSchema,
    }),
    z.object({ budget: budgetSchema }),
  ),
  /** Removing what is not there is no error. */
  remove: call(z.object({ id: z.string() }), nothing),
} as const
