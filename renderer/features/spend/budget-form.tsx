import { useEffect, useState, type FormEvent } from 'react'
import type { BudgetAction, BudgetPeriod, BudgetScope } from '../../../preload/contract/budget.ts'
import { micros } from '../../../main/domain/money.ts'
import { parseUsd } from '../../../main/domain/usd.ts'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'
import styles from './spend.module.css'
import type { SpendStore } from './spend-store.ts'

const kinds = [
  { value: 'all', label: 'Everything' },
  { value: 'project', label: 'A project' },
  { value: 'provider', label: 'A provider' },
] as const
const periods = [
  { value: 'day', label: 'A day' },
  { value: 'month', label: 'A month' },
] as const
const actions = [
  { value: 'stop', label: 'Stop jobs in time' },
  { value: 'warn', label: 'Warn only' },
] as const

/** Makes the budget of a scope and period, or changes it. */
export function BudgetForm({ store }: { readonly store: SpendStore }) {
  const [kind, setKind] = useState<BudgetScope['kind']>('all')
  const [project, setProject] = useState('')
  const [providerId, setProviderId] = useState('')
  const [period, setPeriod] = useState<BudgetPeriod>('month')
  const [action, setAction] = useState<BudgetAction>('stop')
  const [amount, setAmount] = useState('')
  const { busy, problem, attempt } = useAttempt()
  const providers = useProviders()

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    await attempt(async () => {
      const scope = scopeOf(kind, project.trim(), providerId)
      const parsed = micros(parseUsd(amount, 'The budget'))
      await store.setBudget({ scope, period, action, micros: parsed })
      setAmount('')
    })
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
      <Select label="Period" value={period} options={periods} onValue={setPeriod} />
      <Select label="When it is used up" value={action} options={actions} onValue={setAction} />
      <TextField
        label={`USD a ${period}`}
        inputMode="decimal"
        placeholder={period === 'day' ? '10' : '100'}
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

function useProviders(): readonly { value: string; label: string }[] {
  const { engine } = useApp()
  const [providers, setProviders] = useState<readonly { value: string; label: string }[]>([])
  useEffect(() => {
    const leaving = new AbortController()
    engine.api.accounts.providers({}, { signal: leaving.signal }).then(
      (found) =>
        setProviders(
          found.map(({ id, name, simulated }) => ({
            value: id,
            label: simulated ? `${name} (practice money)` : name,
          })),
        ),
      // Without the list only a provider's budget cannot be chosen; the page shows the lost engine.
      () => setProviders([]),
    )
    return () => leaving.abort()
  }, [engine])
  return providers
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
