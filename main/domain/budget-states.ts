import type {
  Budget,
  BudgetPeriod,
  BudgetScope,
  BudgetState,
} from '../../preload/contract/budget.ts'
import { assertNever } from './errors.ts'
import { formatMicros } from './format.ts'
import { micros, sumMicros } from './money.ts'

/** What is known of a budget in the period under way. */
export interface BudgetFigures {
  readonly spentMicros: number
  /** What the machines that run may still spend of it, up to their ends. */
  readonly committedMicros: number
  readonly from: number
  readonly to: number
}

const nearShare = 0.8

/** One id a scope and period, so that none ever has two budgets. */
export function budgetId(scope: BudgetScope, period: BudgetPeriod): string {
  const id = scopeId(scope)
  return period === 'month' ? id : `${period}:${id}`
}

/** `the monthly budget`, `the daily budget of the project vision`, `the monthly budget for vast`. */
export function budgetName({ scope, period }: Pick<Budget, 'scope' | 'period'>): string {
  const name = period === 'month' ? 'the monthly budget' : 'the daily budget'
  switch (scope.kind) {
    case 'all':
      return name
    case 'project':
      return `${name} of the project ${scope.project}`
    case 'provider':
      return `${name} for ${scope.providerId}`
    default:
      return assertNever(scope)
  }
}

/** `the daily budget for vast ($10.00)` */
export function budgetWithAmount(budget: Budget): string {
  return `${budgetName(budget)} (${formatMicros(budget.micros)})`
}

/** Why a machine ends when it does. */
export function lastsUntilThen(budget: Budget): string {
  const name = budgetWithAmount(budget)
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} lasts until then.`
}

/** A budget against its period: near from 80 %, over from 100 %. */
export function budgetState(budget: Budget, figures: BudgetFigures): BudgetState {
  const spentMicros = micros(figures.spentMicros)
  const level =
    spentMicros >= budget.micros ? 'over' : spentMicros >= budget.micros * nearShare ? 'near' : 'ok'
  const amounts = `${formatMicros(spentMicros)} of ${budgetWithAmount(budget)} is spent`
  const running =
    figures.committedMicros > 0
      ? ` What runs may spend ${formatMicros(figures.committedMicros)} more of it.`
      : ''
  const how = level === 'over' ? ': it is used up.' : level === 'near' ? ': 80 % or more.' : '.'
  return {
    budget,
    spentMicros,
    committedMicros: micros(figures.committedMicros),
    leftMicros: micros(Math.max(0, budget.micros - spentMicros)),
    from: figures.from,
    to: figures.to,
    level,
    sentence: `${amounts}${how}${running}`,
  }
}

export interface LaunchCost {
  readonly project: string | null
  readonly providerId: string
  /** Practice money counts towards its own provider's budget alone. */
  readonly simulated: boolean
  readonly expectedMicros: number
  /** The most that is confirmed at launch. */
  readonly ceilingMicros: number
}

/**
 * Warnings for a proposal: a sentence for every budget that the launch would pass and that does not
 * stop it, by what it is expected to cost or by the most it may cost. Empty when none.
 */
export function budgetWarnings(states: readonly BudgetState[], launch: LaunchCost): string[] {
  return states
    .filter(({ budget }) => budget.action === 'warn' && countsTowards(budget.scope, launch))
    .flatMap((state) => {
      const { budget, spentMicros } = state
      const name = budgetName(budget)
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

/** Whether money spent so counts towards a budget of that scope. */
export function countsTowards(
  scope: BudgetScope,
  spending: Pick<LaunchCost, 'project' | 'providerId' | 'simulated'>,
): boolean {
  switch (scope.kind) {
    case 'all':
      return !spending.simulated
    case 'project':
      return !spending.simulated && scope.project === spending.project
    case 'provider':
      return scope.providerId === spending.providerId
    default:
      return assertNever(scope)
  }
}

function scopeId(scope: BudgetScope): string {
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
