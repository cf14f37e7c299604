import { ChevronLeft, ChevronRight, Download } from 'lucide-react'
import { useState } from 'react'
import type { BudgetState } from '../../../preload/contract/budget.ts'
import type { SpendMonth } from '../../../preload/contract/spend.ts'
import { toSubletError } from '../../../main/domain/errors.ts'
import { formatMicros } from '../../../main/domain/format.ts'
import { nextMonth, previousMonth } from '../../../main/domain/reporting-month.ts'
import { useApp } from '../../app/app-context.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { saveBlob } from '../../ui/save-blob.ts'
import { Select } from '../../ui/select.tsx'
import { BudgetsDialog } from './budgets-dialog.tsx'
import styles from './spend.module.css'
import type { MonthTotals, SpendStore } from './spend-store.ts'
import type { SpendView } from './spend-view.ts'
import { monthWords } from './spend-words.ts'

export interface SpendSubProps {
  readonly month: SpendMonth
  readonly months: readonly MonthTotals[]
  readonly onMonth: (change: Pick<SpendView, 'month' | 'pick'>) => void
}

/** Which month, and by which zone's days. */
export function SpendSub({ month, months, onMonth }: SpendSubProps) {
  const go = (next: string): void => onMonth({ month: next, pick: { kind: 'all' } })
  const listed = months.some((one) => one.month === month.month)
  const oldest = months.at(-1)?.month ?? month.month
  const newest = months[0]?.month ?? month.month
  const options = [
    ...(listed ? [] : [{ value: month.month, label: monthWords(month.month) }]),
    ...months.map((one) => ({
      value: one.month,
      label: monthWords(one.month),
      detail: formatMicros(one.micros),
    })),
  ]
  return (
    <>
      <div className={styles['month']}>
        <IconButton
          label="The month before"
          icon={<ChevronLeft />}
          disabled={month.month <= oldest}
          onClick={() => go(previousMonth(month.month))}
        />
        <Select label="Month" hideLabel value={month.month} options={options} onValue={go} />
        <IconButton
          label="The month after"
          icon={<ChevronRight />}
          disabled={month.month >= newest}
          onClick={() => go(nextMonth(month.month))}
        />
      </div>
      <span className={styles['zone']}>reported in {month.zone}</span>
    </>
  )
}

export interface SpendActionsProps {
  readonly store: SpendStore
  readonly budgets: readonly BudgetState[]
  readonly month: SpendMonth
}

/** Budgets and the export. */
export function SpendActions({ store, budgets, month }: SpendActionsProps) {
  const { toaster } = useApp()
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const save = async (format: 'csv' | 'json', what: 'shown' | 'all'): Promise<void> => {
    setBusy(true)
    try {
      const { fileName, mediaType, parts } = await store.exportFile(format, what)
      saveBlob(fileName, new Blob([...parts], { type: mediaType }))
    } catch (thrown) {
      toaster.add({
        title: 'The entries were not saved',
        description: toSubletError(thrown).message,
        actionProps: { children: 'Try again', onClick: () => void save(format, what) },
        timeout: 0,
      })
    } finally {
      setBusy(false)
    }
  }
  const item = (label: string, format: 'csv' | 'json', what: 'shown' | 'all') => ({
    kind: 'item' as const,
    label,
    onSelect: () => void save(format, what),
  })
  const kind = month.simulated ? ' (practice money)' : ''
  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)}>
        Budgets
      </Button>
      <Menu
        trigger={
          <Button icon={<Download />} busy={busy}>
            Export
          </Button>
        }
        entries={[
          { kind: 'heading', label: `The entries below${kind}` },
          item('As CSV', 'csv', 'shown'),
          item('As JSON', 'json', 'shown'),
          { kind: 'line' },
          { kind: 'heading', label: `All months${kind}` },
          item('All as CSV', 'csv', 'all'),
          item('All as JSON', 'json', 'all'),
        ]}
      />
      <BudgetsDialog open={open} onClose={() => setOpen(false)} store={store} budgets={budgets} />
    </>
  )
}
