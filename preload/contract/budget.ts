import { z } from 'zod'
import { microsSchema } from './money.ts'

/** Whose spending a monthly budget limits. */
export const budgetScopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('project'), project: z.string().min(1) }),
  z.object({ kind: z.literal('provider'), providerId: z.string().min(1) }),
])
export type BudgetScope = z.infer<typeof budgetScopeSchema>

/** What may be spent in a calendar month of the reporting zone. Practice money never counts. */
export const budgetSchema = z.object({
  /** One per scope: `all`, `project:<name>`, `provider:<id>`. */
  id: z.string(),
  scope: budgetScopeSchema,
  micros: microsSchema,
})
export type Budget = z.infer<typeof budgetSchema>

/** A budget against what has been spent of it this month. */
export const budgetStateSchema = z.object({
  budget: budgetSchema,
  spentMicros: microsSchema,
  /** `near` from 80 %, `over` from 100 %. */
  level: z.enum(['ok', 'near', 'over']),
  /** One sentence with both amounts. */
  sentence: z.string(),
})
export type BudgetState = z.infer<typeof budgetStateSchema>
