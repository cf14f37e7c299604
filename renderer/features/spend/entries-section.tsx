import type { Ref } from 'react'
import type { SpendMonth } from '../../../preload/contract/spend.ts'
import { formatCount, formatMicros } from '../../../main/domain/format.ts'
import { Button } from '../../ui/button.tsx'
import { Tag } from '../../ui/tag.tsx'
import styles from './entries.module.css'
import { EntriesTable } from './entries-table.tsx'
import type { SpendGroups, SpendTable } from './spend-store.ts'
import type { SpendPick, SpendView } from './spend-view.ts'
import { dayWords, monthWords } from './spend-words.ts'

export interface EntriesSectionProps {
  /** Gets the keyboard when a bar was opened. */
  readonly ref: Ref<HTMLElement>
  readonly month: SpendMonth
  readonly table: SpendTable
  readonly view: SpendView
  readonly groups: SpendGroups
  readonly onNeed: (first: number, last: number) => void
  readonly onAll: () => void
}

/** The entries of the month, or of what was picked. */
export function EntriesSection(props: EntriesSectionProps) {
  const { ref, month, table, view, groups, onNeed, onAll } = props
  const what = pickWords(view.pick, month, groups)
  const sum = `${formatCount(table.total, 'entry', 'entries')}, ${formatMicros(table.totalMicros)}`
  return (
    <section
      ref={ref}
      className={styles['section']}
      tabIndex={-1}
      aria-label={`Entries: ${what}, ${sum}`}
    >
      <header className={styles['head']}>
        <h2>Entries</h2>
        <span className={styles['what']}>
          {what}: {sum}
        </span>
        {month.simulated ? <Tag>practice money</Tag> : null}
        {view.pick.kind === 'all' ? null : (
          <Button look="quiet" onClick={onAll}>
            Show the whole month
          </Button>
        )}
      </header>
      {table.total === 0 ? (
        <p className={styles['none']}>Nothing was spent there.</p>
      ) : (
        <EntriesTable key={JSON.stringify(view)} table={table} month={month} onNeed={onNeed} />
      )}
    </section>
  )
}

/** `20 November`, `project vision`, `idle time`. */
function pickWords(pick: SpendPick, month: SpendMonth, groups: SpendGroups): string {
  switch (pick.kind) {
    case 'all':
      return monthWords(month.month)
    case 'day':
      return dayWords(pick.day)
    case 'idle':
      return 'time paid for while no job used it'
    case 'group': {
      const group = groups.groups.find((one) => !one.idle && one.key === pick.key)
      if (pick.key === null) {
        return pick.by === 'gpu' ? 'machines without GPU' : `no ${pick.by}`
      }
      const name = pick.by === 'job' ? (group?.label ?? pick.key) : pick.key
      return pick.by === 'gpu' ? name : `${pick.by} ${name}`
    }
  }
}
