import { describe, expect, it } from 'vitest'
import type { Budget, BudgetScope } from '../../../preload/contract/budget.ts'
import { budgetId, budgetStates, budgetWarnings } from '../../../main/domain/budget-states.ts'
import { micros } from '../../../main/domain/money.ts'

const usd = 1_000_000

function budget(scope: BudgetScope, dollars: number): Budget {
  return { id: budgetId(scope), scope, micros: micros(dollars * usd) }
}

const spent = {
  totalMicros: 81 * usd,
  byProject: new Map([['vision', 50 * usd]]),
  byProvider: new Map([['vast', 10 * usd]]),
}
const all = budget({ kind: 'all' }, 100)
const vision = budget({ kind: 'project', project: 'vision' }, 50)
const vast = budget({ kind: 'provider', providerId: 'vast' }, 100)
const launch = {
  project: null,
  providerId: 'lambda',
  simulated: false,
  expectedMicros: 5 * usd,
  ceilingMicros: 10 * usd,
}

describe('budgets', () => {
  it('are near from 80 % and over from 100 %', () => {
    const states = budgetStates([all, vision, vast], spent)
    expect(states.map((state) => state.level)).toEqual(['near', 'over', 'ok'])
    expect(states.map((state) => state.sentence)).toEqual([
      '$81.00 of the monthly budget ($100.00) is spent: 80 % or more.',
      '$50.00 of the monthly budget of the project vision ($50.00) is spent: it is used up.',
      '$10.00 of the monthly budget for vast ($100.00) is spent.',
    ])
    const edges = [79_999_999, 80_000_000, 99_999_999, 100_000_000]
    expect(
      edges.map((totalMicros) => budgetStates([all], { ...spent, totalMicros })[0]?.level),
    ).toEqual(['ok', 'near', 'near', 'over'])
  })

  it('warn of a launch that would pass them, and of none that would not', () => {
    const states = budgetStates([all, vision, vast], spent)
    expect(budgetWarnings(states, launch)).toEqual([])
    expect(budgetWarnings(states, { ...launch, ceilingMicros: 20 * usd })).toEqual([
      'Launching may pass the monthly budget ($100.00, $81.00 of it spent): this job may cost up to $20.00.',
    ])
    expect(
      budgetWarnings(states, { ...launch, project: 'vision', expectedMicros: 20 * usd }),
    ).toEqual([
      'Launching is expected to pass the monthly budget ($100.00, $81.00 of it spent): this job would cost about $20.00.',
      'Launching goes beyond the monthly budget of the project vision ($50.00, $50.00 of it spent): it is used up already.',
    ])
    expect(
      budgetWarnings(states, { ...launch, simulated: true, expectedMicros: 500 * usd }),
    ).toEqual([])
  })
})
