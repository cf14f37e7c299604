import type { BudgetState } from '../../preload/contract/budget.ts'
import { reportingZone } from '../domain/reporting-day.ts'
import { monthOf } from '../domain/reporting-month.ts'
import type { BudgetRoom } from '../jobs/budget-room.ts'
import { Budgets } from '../ledger/budgets.ts'
import type { EngineDeps } from './services-port.ts'

export interface BudgetParts extends Pick<EngineDeps, 'clock' | 'settings'> {
  readonly room: Pick<BudgetRoom, 'states'>
}

/** Every budget against its period; for the budgets service, notices and proposals. */
export function budgetsNow({ room, clock, settings }: BudgetParts): {
  readonly month: string
  readonly states: readonly BudgetState[]
} {
  const zone = reportingZone(settings.get('reportingZone'))
  return { month: monthOf(zone, clock.now()), states: room.states() }
}

/** The monthly budget over everything; null when there is none. Cheap. */
export function monthBudgetMicros(parts: Pick<EngineDeps, 'database'>) {
  return new Budgets(parts.database).list().find(({ id }) => id === 'all')?.micros ?? null
}
