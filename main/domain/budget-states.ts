import type { Budget, BudgetScope, BudgetState } from '../../preload/contract/budget.ts'
import { assertNever } from './errors.ts'
import { formatMicros } from './format.ts'
import { micros, sumMicros } from './money.ts'

/** What was spent in the month so far, real money only. */
export interface MonthSpent {
  readonly totalMicros: number
  readonly byProject: ReadonlyMap<string, number>
  readonly byProvider: ReadonlyMap<string, number>
}

const nearShare = 0.8

/** One id a scope, so that a scope never has two budgets. */
export function budgetId(scope: BudgetScope): string {
  switch (scope.kind) {
    case 'all':
      return 'all'
    case 'project':
      return `project:${scope.project}`
    case 'provider':
      return `provider:${scope.providerId}`
    default:
      return assertNever(scope)
  }
}

/** `the monthly budget`, `the monthly budget of the project vision`, `… for Vast.ai`. */
export function budgetName(scope: BudgetScope): string {
  switch (scope.kind) {
    case 'all':
      return 'the monthly budget'
    case 'project':
      return `the monthly budget of the project ${scope.project}`
    case 'provider':
      return `the monthly budget for ${scope.providerId}`
    default:
      return assertNever(scope)
  }
}

/** Each budget against the month: near from 80 %, over from 100 %. */
export function budgetStates(budgets: readonly Budget[], spent: MonthSpent): BudgetState[] {
  return budgets.map((budget) => {
    const spentMicros = micros(spentOf(budget.scope, spent))
    const level =
      spentMicros >= budget.micros
        ? 'over'
        : spentMicros >= budget.micros * nearShare
          ? 'near'
          : 'ok'
    const amounts = `${formatMicros(spentMicros)} of ${budgetName(budget.scope)} (${formatMicros(budget.micros)})`
    const sentence =
      level === 'over'
        ? `${amounts} is spent: it is used up.`
        : level === 'near'
          ? `${amounts} is spent: 80 % or more.`
          : `${amounts} is spent.`
    return { budget, spentMicros, level, sentence }
  })
}

export interface LaunchCost {
  readonly project: string | null
  readonly providerId: string
  /** Nothing is said of practice money. */
  readonly simulated: boolean
  readonly expectedMicros: number
  /** The most that is confirmed at launch. */
  readonly ceilingMicros: number
}

/**
 * Warnings for a proposal: a sentence for every budget that the launch would pass, by what it is
 * expected to cost or by the most it may cost. Empty when none.
 */
export function budgetWarnings(states: readonly BudgetState[], launch: LaunchCost): string[] {
  if (launch.simulated) return []
  return states
    .filter(({ budget }) => concerns(budget.scope, launch))
    .flatMap((state) => {
      const { budget, spentMicros } = state
      const name = budgetName(budget.scope)
      const all = `${name} (${formatMicros(budget.micros)}, ${formatMicros(spentMicros)} of it spent)`
      const expected = sumMicros([spentMicros, launch.expectedMicros])
      if (state.level === 'over') {
        return [`Launching goes beyond ${all}: it is used up already.`]
      }
      if (expected > budget.micros) {
        return [
          `Launching is expected to pass ${all}: this job would cost about ${formatMicros(launch.expectedMicros)}.`,
        ]
      }
      if (sumMicros([spentMicros, launch.ceilingMicros]) > budget.micros) {
        return [
          `Launching may pass ${all}: this job may cost up to ${formatMicros(launch.ceilingMicros)}.`,
        ]
      }
      return []
    })
}

function spentOf(scope: BudgetScope, spent: MonthSpent): number {
  switch (scope.kind) {
    case 'all':
      return spent.totalMicros
    case 'project':
      return spent.byProject.get(scope.project) ?? 0
    case 'provider':
      return spent.byProvider.get(scope.providerId) ?? 0
    default:
      return assertNever(scope)
  }
}

function concerns(scope: BudgetScope, launch: LaunchCost): boolean {
  switch (scope.kind) {
    case 'all':
      return true
    case 'project':
      return scope.project === launch.project
    case 'provider':
      return scope.providerId === launch.providerId
    default:
      return assertNever(scope)
  }
}
