import type { Budget } from '../../preload/contract/budget.ts'
import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import { countsTowards } from '../domain/budget-states.ts'
import { periodBounds, periodsUntil } from '../domain/budget-periods.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import type { ReportingZone } from '../domain/reporting-day.ts'
import type { SharedBudget } from '../domain/spend-share.ts'
import type { LedgerQuery } from '../ledger/filter.ts'
import { countsToProjectFrom, holderOfMoney } from './budget-rentals.ts'

export interface SpendingDeps {
  /** What closed rentals have cost. */
  readonly closedMicros: (query: LedgerQuery) => number
  /** What an open rental would be booked as now. */
  readonly entries: (rental: RentalRecord) => readonly LedgerEntry[]
  readonly zone: () => ReportingZone
}

/** What is spent of budgets, by the books and by the machines that run. */
export class BudgetSpending {
  readonly #deps: SpendingDeps

  constructor(deps: SpendingDeps) {
    this.#deps = deps
  }

  /** A budget that stops, with the machines that count towards it. */
  shared(
    budget: Budget,
    rentals: readonly RentalRecord[],
    now: number,
    until: number,
  ): SharedBudget {
    const zone = this.#deps.zone()
    const bounds = periodBounds(zone, budget.period, now)
    const spent = this.spentByOthers(budget, bounds, rentals)
    const countsFrom = new Map<string, number>()
    for (const rental of rentals) {
      const holder = holderOfMoney(rental)
      if (!countsTowards(budget.scope, { ...rental.offer, project: holder?.project ?? null })) {
        continue
      }
      const isProjects = budget.scope.kind === 'project'
      countsFrom.set(rental.id, isProjects ? countsToProjectFrom(rental, now) : 0)
    }
    return {
      id: budget.id,
      periods: periodsUntil(zone, budget, spent, now, until),
      countsFrom,
    }
  }

  /** What is spent of a budget but for the machines that `shared` reckons up to their ends. */
  spentByOthers(
    budget: Budget,
    bounds: { readonly from: number; readonly to: number },
    rentals: readonly RentalRecord[],
  ): number {
    const closed = this.closed(budget, bounds)
    const { scope } = budget
    if (scope.kind !== 'project') return closed
    // Earlier jobs of this project on a machine that another job has now, or nobody.
    return rentals.reduce((sum, rental) => {
      const holder = holderOfMoney(rental)
      return this.#entriesIn(budget, bounds, rental)
        .filter(({ jobId }) => holder?.project !== scope.project || jobId !== holder.jobId)
        .reduce((all, { micros }) => all + micros, sum)
    }, closed)
  }

  /** What open rentals have cost of it until now. */
  accrued(
    budget: Budget,
    bounds: { readonly from: number; readonly to: number },
    rentals: readonly RentalRecord[],
  ): number {
    return rentals
      .flatMap((rental) => this.#entriesIn(budget, bounds, rental))
      .reduce((sum, { micros }) => sum + micros, 0)
  }

  #entriesIn(
    budget: Budget,
    { from, to }: { readonly from: number; readonly to: number },
    rental: RentalRecord,
  ): LedgerEntry[] {
    return this.#deps
      .entries(rental)
      .filter(
        (entry) => entry.from >= from && entry.from < to && countsTowards(budget.scope, entry),
      )
  }

  /** What closed rentals have cost of it. */
  closed({ scope }: Budget, bounds: { readonly from: number; readonly to: number }): number {
    switch (scope.kind) {
      case 'all':
        return this.#deps.closedMicros({ ...bounds, simulated: false })
      case 'project':
        return this.#deps.closedMicros({ ...bounds, simulated: false, project: scope.project })
      case 'provider':
        return this.#deps.closedMicros({ ...bounds, providerId: scope.providerId })
    }
  }
}
