import { useEffect, useState, type FormEvent } from 'react'
import type { BudgetScope, BudgetState } from '../../../preload/contract/budget.ts'
import { toSubletError } from '../../../main/domain/errors.ts'
import { parseUsd } from '../../../main/domain/usd.ts'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './spend.module.css'
import type { SpendStore } from './spend-store.ts'

export interface BudgetsDialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly store: SpendStore
  readonly budgets: readonly BudgetState[]
}

/** Monthly budgets: what is left of each, a new one, and the way to remove one. */
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
      title="Monthly budgets"
      description="A notice comes at 80 % and at 100 %. A launch that would pass a budget says so and waits for your confirmation. Practice money never counts."
      actions={<Button onClick={onClose}>Close</Button>}
    >
      {problem === null ? null : <ErrorNotice sentence={problem} />}
      <ul className={styles['budgets']} aria-label="Budgets">
        {budgets.map((state) => (
          <li key={state.budget.id} className={styles['budget']}>
            <span className={state.level === 'ok' ? undefined : styles[state.level]}>
              {state.sentence}
            </span>
            <Button
              look="quiet"
              aria-label={`Remove ${scopeWords(state.budget.scope)}`}
              onClick={() => void remove(state.budget.id)}
            >
              Remove
            </Button>
            <ProgressBar
              fraction={Math.min(1, state.spentMicros / state.budget.micros)}
              label={`Spent of ${scopeWords(state.budget.scope)}`}
              tone={state.level === 'over' ? 'danger' : 'burn'}
            />
          </li>
        ))}
      </ul>
      <BudgetForm store={store} />
    </Dialog>
  )
}

const kinds = [
  { value: 'all', label: 'Everything' },
  { value: 'project', label: 'A project' },
  { value: 'provider', label: 'A provider' },
] as const

function BudgetForm({ store }: { readonly store: SpendStore }) {
  const { engine } = useApp()
  const [kind, setKind] = useState<BudgetScope['kind']>('all')
  const [project, setProject] = useState('')
  const [providerId, setProviderId] = useState('')
  const [amount, setAmount] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [providers, setProviders] = useState<readonly { value: string; label: string }[]>([])
  useEffect(() => {
    const leaving = new AbortController()
    engine.api.accounts.providers({}, { signal: leaving.signal }).then(
      (found) =>
        setProviders(
          found.filter((one) => !one.simulated).map(({ id, name }) => ({ value: id, label: name })),
        ),
      // Without the list only a provider's budget cannot be chosen; the page shows the lost engine.
      () => setProviders([]),
    )
    return () => leaving.abort()
  }, [engine])

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    try {
      const scope = scopeOf(kind, project.trim(), providerId)
      await store.setBudget(scope, parseUsd(amount, 'The budget'))
      setProblem(null)
      setAmount('')
    } catch (thrown) {
      setProblem(toSubletError(thrown).message)
    } finally {
      setBusy(false)
    }
  }
  const ready =
    amount.trim() !== '' &&
    (kind === 'all' || (kind === 'project' ? project.trim() !== '' : providerId !== ''))
  return (
    <form className={styles['form']} onSubmit={(event) => void submit(event)}>
      <Select label="Budget for" value={kind} options={kinds} onValue={setKind} />
      {kind === 'project' ? (
        <TextField label="Project" value={project} onValue={setProject} />
      ) : kind === 'provider' ? (
        <Select
          label="Provider"
          value={providerId}
          options={providers}
          onValue={setProviderId}
          disabled={providers.length === 0}
        />
      ) : null}
      <TextField
        label="USD a month"
        inputMode="decimal"
        placeholder="100"
        value={amount}
        onValue={setAmount}
        error={problem}
      />
      <Button type="submit" busy={busy} disabled={!ready}>
        Set budget
      </Button>
    </form>
  )
}

function scopeOf(kind: BudgetScope['kind'], project: string, providerId: string): BudgetScope {
  switch (kind) {
    case 'all':
      return { kind }
    case 'project':
      return { kind, project }
    case 'provider':
      return { kind, providerId }
  }
}

function scopeWords(scope: BudgetScope): string {
  switch (scope.kind) {
    case 'all':
      return 'the budget for everything'
    case 'project':
      return `the budget for the project ${scope.project}`
    case 'provider':
      return `the budget for ${scope.providerId}`
  }
}
