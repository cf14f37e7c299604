import { useState } from 'react'
import type { SpendGroup, SpendKey, SpendMonth } from '../../../preload/contract/spend.ts'
import { formatCount, formatMicros } from '../../../main/domain/format.ts'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/page.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import styles from './where-it-went.module.css'
import type { SpendGroups } from './spend-store.ts'
import { samePick, type SpendPick } from './spend-view.ts'
import { usedSentence } from './spend-words.ts'

export interface WhereItWentProps {
  readonly month: SpendMonth
  readonly groups: SpendGroups
  readonly by: SpendKey
  readonly pick: SpendPick
  readonly onBy: (by: SpendKey) => void
  readonly onPick: (pick: SpendPick) => void
}

const shownAtFirst = 7
const byOptions = [
  { value: 'project', label: 'Project' },
  { value: 'provider', label: 'Provider' },
  { value: 'gpu', label: 'GPU' },
  { value: 'job', label: 'Job' },
] as const

/** The month's money by one key, dearest first, idle time hatched; a bar opens its entries. */
export function WhereItWent(props: WhereItWentProps) {
  const { month, groups, by, pick, onBy, onPick } = props
  const [all, setAll] = useState(false)
  const used = groups.groups.filter((group) => !group.idle)
  const idle = groups.groups.filter((group) => group.idle && group.micros !== 0)
  const shown = all ? used : used.slice(0, shownAtFirst)
  const more = used.length - shownAtFirst
  const most = Math.max(...groups.groups.map((group) => group.micros), 1)
  const sentence = usedSentence(month)
  return (
    <Section
      title="Where it went"
      actions={<Segmented label="By" value={by} options={byOptions} onValue={onBy} />}
    >
      {groups.groups.length === 0 ? <p className={styles['sub']}>Nothing yet.</p> : null}
      <ul className={styles['bars']} data-practice={month.simulated || undefined}>
        {[...shown, ...idle].map((group) => {
          const own = pickOf(group, by)
          const on = samePick(own, pick)
          return (
            <li key={group.idle ? 'idle' : JSON.stringify(group.key)}>
              <button
                type="button"
                className={styles['row']}
                aria-pressed={on}
                onClick={() => onPick(on ? { kind: 'all' } : own)}
              >
                <span className={group.idle ? styles['sub'] : styles['label']} title={group.label}>
                  {group.label}
                </span>
                <span className={styles['track']}>
                  <i
                    className={group.idle ? styles['idle'] : styles['bar']}
                    style={{ width: `${Math.max(0.6, (group.micros / most) * 100)}%` }}
                  />
                </span>
                <span className={styles['amount']}>{formatMicros(group.micros)}</span>
              </button>
            </li>
          )
        })}
      </ul>
      {all && groups.restCount > 0 ? (
        <p className={styles['sub']}>
          {formatCount(groups.restCount, 'more', 'more')}, {formatMicros(groups.restMicros)}{' '}
          together.
        </p>
      ) : null}
      {more > 0 ? (
        <Button look="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show ${formatCount(more + groups.restCount, 'more', 'more')}`}
        </Button>
      ) : null}
      {sentence === '' ? null : <p className={styles['used']}>{sentence}</p>}
    </Section>
  )
}

function pickOf(group: SpendGroup, by: SpendKey): SpendPick {
  return group.idle ? { kind: 'idle' } : { kind: 'group', by, key: group.key }
}
