import type { BudgetState } from '../../preload/contract/budget.ts'
import { budgetStates } from '../domain/budget-states.ts'
import { reportingZone } from '../domain/reporting-day.ts'
import { monthBounds, monthOf } from '../domain/reporting-month.ts'
import { Budgets } from '../ledger/budgets.ts'
import { SpendSums } from '../ledger/spend-sums.ts'
import { openEntries, type OpenParts } from './open-entries.ts'
import type { EngineDeps } from './services-port.ts'

export interface BudgetParts
  extends OpenParts, Pick<EngineDeps, 'database' | 'clock' | 'settings'> {}

/** Every budget against this month's real money; for the budgets service, notices and proposals. */
export function budgetsNow(parts: BudgetParts): {
  readonly month: string
  readonly states: readonly BudgetState[]
} {
  const zone = reportingZone(parts.settings.get('reportingZone'))
  const month = monthOf(zone, parts.clock.now())
  const { from, to } = monthBounds(zone, month)
  const budgets = new Budgets(parts.database).list()
  if (budgets.length === 0) return { month, states: [] }
  const sums = new SpendSums(parts.database, openEntries(parts))
  const period = { from, to, simulated: false }
  const byProject = new Map<string, number>()
  const byProvider = new Map<string, number>()
  for (const { scope } of budgets) {
    if (scope.kind === 'project') {
      byProject.set(scope.project, sums.sum({ ...period, project: scope.project }).micros)
    } else if (scope.kind === 'provider') {
      byProvider.set(scope.providerId, sums.sum({ ...period, providerId: scope.providerId }).micros)
    }
  }
  const totalMicros = sums.sum(period).micros
  return { month, states: budgetStates(budgets, { totalMicros, byProject, byProvider }) }
}

/** The monthly budget over everything; null when there is none. Cheap. */
export function monthBudgetMicros(parts: Pick<EngineDeps, 'database'>) {
  return new Budgets(parts.database).list().find(({ id }) => id === 'all')?.micros ?? null
}
