import { z } from 'zod'
import type { Budget, BudgetScope } from '../../preload/contract/budget.ts'
import { budgetId } from '../domain/budget-states.ts'
import { assertNever, SubletError } from '../domain/errors.ts'
import { micros } from '../domain/money.ts'
import type { Database } from '../store/database.ts'

const row = z.object({
  id: z.string(),
  kind: z.enum(['all', 'project', 'provider']),
  name: z.string(),
  micros: z.int().positive(),
})

/** The monthly budgets, one per scope. */
export class Budgets {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The one over everything first, then by name. */
  list(): Budget[] {
    return this.#database
      .all(row, 'SELECT id, kind, name, micros FROM budgets ORDER BY kind, name')
      .map(({ id, kind, name, micros: amount }) => ({
        id,
        scope: scopeOf(kind, name),
        micros: micros(amount),
      }))
  }

  /** Makes or changes the budget of a scope. Refuses with `invalid` an amount that is not positive. */
  set(scope: BudgetScope, amount: number): Budget {
    if (amount <= 0) {
      throw new SubletError(
        'invalid',
        'A budget must be more than $0.00: remove it to have no limit.',
      )
    }
    const budget = { id: budgetId(scope), scope, micros: micros(amount) }
    this.#database.run(
      `INSERT INTO budgets (id, kind, name, micros) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET micros = excluded.micros`,
      [budget.id, scope.kind, nameOf(scope), budget.micros],
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
