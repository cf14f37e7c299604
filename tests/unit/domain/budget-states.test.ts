import { describe, expect, it } from 'vitest'
import type { Budget, BudgetPeriod, BudgetScope } from '../../../preload/contract/budget.ts'
import { budgetId, budgetState, budgetWarnings } from '../../../main/domain/budget-states.ts'
import { micros } from '../../../main/domain/money.ts'

const usd = 1_000_000

function budget(scope: BudgetScope, dollars: number, period: BudgetPeriod = 'month'): Budget {
  const amount = micros(dollars * usd)
  return { id: budgetId(scope, period), scope, period, action: 'warn', micros: amount }
}

function state(one: Budget, spentMicros: number, committedMicros = 0) {
  return budgetState(one, { spentMicros, committedMicros, from: 0, to: 1 })
}

const all = budget({ kind: 'all' }, 100)
const vision = budget({ kind: 'project', project: 'vision' }, 50, 'day')
const vast = budget({ kind: 'provider', providerId: 'vast' }, 100)
const states = [state(all, 81 * usd), state(vision, 50 * usd), state(vast, 10 * usd, 3 * usd)]
const launch = {
  project: null,
  providerId: 'lambda',
  simulated: false,
  expectedMicros: 5 * usd,
  ceilingMicros: 10 * usd,
}

describe('budgets', () => {
  it('are near from 80 % and over from 100 %, and say what runs may still spend', () => {
    expect(states.map(({ level }) => level)).toEqual(['near', 'over', 'ok'])
    expect(states.map(({ leftMicros }) => leftMicros)).toEqual([19 * usd, 0, 90 * usd])
    expect(states.map(({ sentence }) => sentence)).toEqual([
      '$81.00 of the monthly budget ($100.00) is spent: 80 % or more.',
      '$50.00 of the daily budget of the project vision ($50.00) is spent: it is used up.',
      '$10.00 of the monthly budget for vast ($100.00) is spent. What runs may spend $3.00 more of it.',
    ])
    const edges = [79_999_999, 80_000_000, 99_999_999, 100_000_000]
    expect(edges.map((spent) => state(all, spent).level)).toEqual(['ok', 'near', 'near', 'over'])
  })

  it('have one id a scope and period', () => {
    expect([all, vision, vast].map(({ id }) => id)).toEqual([
      'all',
      'day:project:vision',
      'provider:vast',
    ])
  })

  it('warn of a launch that would pass them, and of none that would not', () => {
    expect(budgetWarnings(states, launch)).toEqual([])
    expect(budgetWarnings(states, { ...launch, ceilingMicros: 20 * usd })).toEqual([
      'Launching may pass the monthly budget ($100.00, $81.00 of it spent): this job may cost up to $20.00.',
    ])
    expect(
      budgetWarnings(states, { ...launch, project: 'vision', expectedMicros: 20 * usd }),
    ).toEqual([
      'Launching is expected to pass the monthly budget ($100.00, $81.00 of it spent): this job would cost about $20.00.',
      'Launching goes beyond the daily budget of the project vision ($50.00, $50.00 of it spent): it is used up already.',
    ])
  })

  it('count practice money towards the budget of its own provider, and towards no other', () => {
    const practice = { ...launch, simulated: true, providerId: 'sandbox', ceilingMicros: 500 * usd }
    expect(budgetWarnings(states, practice)).toEqual([])
    const sandbox = state(budget({ kind: 'provider', providerId: 'sandbox' }, 1), 0)
    expect(budgetWarnings([sandbox], practice)).toHaveLength(1)
  })
})
