import { z } from 'zod'
import {
  budgetActionSchema,
  budgetPeriodSchema,
  type Budget,
  type BudgetScope,
} from '../../preload/contract/budget.ts'
import { budgetId } from '../domain/budget-states.ts'
import { assertNever, SubletError } from '../domain/errors.ts'
import { micros } from '../domain/money.ts'
import type { Database } from '../store/database.ts'

const row = z.object({
  id: z.string(),
  kind: z.enum(['all', 'project', 'provider']),
  name: z.string(),
  period: budgetPeriodSchema,
  action: budgetActionSchema,
  micros: z.int().positive(),
})

/** The budgets, one per scope and period. */
export class Budgets {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Those of a day first; in each period the one over everything, then by name. */
  list(): Budget[] {
    return this.#database
      .all(
        row,
        'SELECT id, kind, name, period, action, micros FROM budgets ORDER BY period, kind, name',
      )
      .map(({ id, kind, name, period, action, micros: amount }) => ({
        id,
        scope: scopeOf(kind, name),
        period,
        action,
        micros: micros(amount),
      }))
  }

  /** Makes or changes the budget of a scope and period. Refuses with `invalid` an amount that is not positive. */
  set(wanted: Omit<Budget, 'id'>): Budget {
    const { scope, period, action, micros: amount } = wanted
    if (amount <= 0) {
      throw new SubletError(
        'invalid',
        'A budget must be more than $0.00: remove it to have no limit.',
      )
    }
    const budget = { ...wanted, id: budgetId(scope, period) }
    this.#database.run(
      `INSERT INTO budgets (id, kind, name, period, action, micros) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET micros = excluded.micros, action = excluded.action`,
      [budget.id, scope.kind, nameOf(scope), period, action, amount],
    )
    return budget
  }

  remove(id: string): void {
    this.#database.run('DELETE FROM budgets WHERE id = ?', [id])
  }
}

function scopeOf(kind: BudgetScope['kind'], name: string): BudgetScope {
  switch (kind) {
    case 'all':
      return { kind }
    case 'project':
      return { kind, project: name }
    case 'provider':
      return { kind, providerId: name }
    default:
      return assertNever(kind)
  }
}

function nameOf(scope: BudgetScope): string {
  switch (scope.kind) {
    case 'all':
      return ''
    case 'project':
      return scope.project
    case 'provider':
      return scope.providerId
    default:
      return assertNever(scope)
  }
}
