import { useState } from 'react'
import type { Budget, BudgetState } from '../../../preload/contract/budget.ts'
import { budgetName } from '../../../main/domain/budget-states.ts'
import { toSubletError } from '../../../main/domain/errors.ts'
import { formatMicros } from '../../../main/domain/format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { ClockTime } from '../../ui/time.tsx'
import { BudgetForm } from './budget-form.tsx'
import styles from './spend.module.css'
import type { SpendStore } from './spend-store.ts'

export interface BudgetsDialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly store: SpendStore
  readonly budgets: readonly BudgetState[]
}

/** Budgets of days and months: what is left of each, a new one, and the way to remove one. */
export function BudgetsDialog({ open, onClose, store, budgets }: BudgetsDialogProps) {
  const [problem, setProblem] = useState<string | null>(null)
  const remove = async (id: string): Promise<void> => {
    try {
      await store.removeBudget(id)
      setProblem(null)
    } catch (thrown) {
      setProblem(toSubletError(thrown).message)
    }
  }
  return (
    <Dialog
      open={open}
      onClose={onClose}
      width="wide"
      title="Budgets"
      description="A notice comes at 80 %. A budget that stops jobs ends every machine in time and refuses a launch that it does not carry; one that warns only says so. Practice money counts towards a budget of the Sandbox alone."
      actions={<Button onClick={onClose}>Close</Button>}
    >
      {problem === null ? null : <ErrorNotice sentence={problem} />}
      <ul className={styles['budgets']} aria-label="Budgets">
        {budgets.map((state) => (
          <li key={state.budget.id} className={styles['budget']}>
            <span className={state.level === 'ok' ? undefined : styles[state.level]}>
              {spentWords(state)}
            </span>
            <Button
              look="quiet"
              aria-label={`Remove ${nameOf(state.budget)}`}
              onClick={() => void remove(state.budget.id)}
            >
              Remove
            </Button>
            <ProgressBar
              fraction={Math.min(1, state.spentMicros / state.budget.micros)}
              label={`Spent of ${nameOf(state.budget)}`}
              tone={state.level === 'over' ? 'danger' : 'burn'}
            />
            <Figures state={state} />
          </li>
        ))}
      </ul>
      <BudgetForm store={store} />
    </Dialog>
  )
}

/** What is spent, what runs may still spend, and what is left for new machines. */
function Figures({ state }: { readonly state: BudgetState }) {
  const { budget, committedMicros, leftMicros, to } = state
  const acts = budget.action === 'stop' ? 'It stops jobs in time.' : 'It warns and stops nothing.'
  return (
    <p className={styles['budgetFigures']}>
      {formatMicros(leftMicros)} left until <ClockTime at={to} />
      {committedMicros === 0
        ? ''
        : `, of which running jobs may spend up to ${formatMicros(committedMicros)}`}
      . {acts}
    </p>
  )
}

/** `the daily budget for everything`: each has a name of its own. */
function nameOf(budget: Budget): string {
  return budget.scope.kind === 'all' ? `${budgetName(budget)} for everything` : budgetName(budget)
}

function spentWords({ budget, spentMicros }: BudgetState): string {
  return `${formatMicros(spentMicros)} of ${nameOf(budget)} (${formatMicros(budget.micros)}) is spent.`
}
