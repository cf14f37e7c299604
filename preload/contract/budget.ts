import { z } from 'zod'
import { microsSchema } from './money.ts'

/** Whose spending a budget limits. */
export const budgetScopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('project'), project: z.string().min(1) }),
  z.object({ kind: z.literal('provider'), providerId: z.string().min(1) }),
])
export type BudgetScope = z.infer<typeof budgetScopeSchema>

/** A calendar day or month of the reporting zone. */
export const budgetPeriodSchema = z.enum(['day', 'month'])
export type BudgetPeriod = z.infer<typeof budgetPeriodSchema>

/** `stop`: machines end in time, launches are refused. `warn`: notices only. */
export const budgetActionSchema = z.enum(['stop', 'warn'])
export type BudgetAction = z.infer<typeof budgetActionSchema>

/**
 * What may be spent in a period. Practice money counts towards the budget of its own provider
 * (`sandbox`) and towards no other.
 */
export const budgetSchema = z.object({
  /** One per scope and period: `all`, `project:<name>`, `provider:<id>`; a day's begins with `day:`. */
  id: z.string(),
  scope: budgetScopeSchema,
  period: budgetPeriodSchema,
  action: budgetActionSchema,
  micros: microsSchema,
})
export type Budget = z.infer<typeof budgetSchema>

/** A budget against what has been spent of it in the period under way. */
export const budgetStateSchema = z.object({
  budget: budgetSchema,
  spentMicros: microsSchema,
  /** What the machines that run may still spend of it at most, up to their ends. */
  committedMicros: microsSchema,
  /** Not spent yet; what runs may spend of it included. */
  leftMicros: microsSchema,
  /** The period: [from, to). */
  from: z.int(),
  to: z.int(),
  /** `near` from 80 %, `over` from 100 %. */
  level: z.enum(['ok', 'near', 'over']),
  /** One sentence with the amounts. */
  sentence: z.string(),
})
export type BudgetState = z.infer<typeof budgetStateSchema>

/** The budget of any kind that ends a proposed job before its own limits do, or may. */
export const budgetLimitSchema = z.object({
  budgetId: z.string(),
  /** Until when the budget carries the chosen machine. */
  endBy: z.int(),
  /** What is missing for what the job is expected to cost; 0 when it carries that. */
  missingMicros: microsSchema,
  sentence: z.string(),
})
export type BudgetLimit = z.infer<typeof budgetLimitSchema>
