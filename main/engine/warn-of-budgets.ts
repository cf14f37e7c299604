import type { Proposal } from '../../preload/contract/proposal.ts'
import { budgetWarnings } from '../domain/budget-states.ts'
import { budgetsNow, type BudgetParts } from './budget-figures.ts'

/** The proposal, with a warning for every monthly budget that launching it would pass. */
export function warnOfBudgets(parts: BudgetParts, proposal: Proposal): Proposal {
  const offer = proposal.offers.find((one) => one.id === proposal.chosenOfferId)
  if (offer === undefined) return proposal
  const warnings = budgetWarnings(budgetsNow(parts).states, {
    project: proposal.spec.project,
    providerId: offer.providerId,
    simulated: offer.simulated,
    expectedMicros: proposal.estimate.expectedMicros,
    ceilingMicros: proposal.ceiling.micros,
  })
  return { ...proposal, warnings: [...proposal.warnings, ...warnings] }
}
