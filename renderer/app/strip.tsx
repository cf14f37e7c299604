import { useStore } from 'zustand'
import type { Overview } from '../../preload/contract/overview.ts'
import { formatMicros, formatMicrosPerHour } from '../../main/domain/format.ts'
import { Button } from '../ui/button.tsx'
import { ProgressBar } from '../ui/progress-bar.tsx'
import { Tag } from '../ui/tag.tsx'
import { useApp } from './app-context.ts'
import styles from './strip.module.css'
import { StripLeak } from './strip-leak.tsx'
import { StripVerdict } from './strip-verdict.tsx'

/** Always in sight: what burns, what was spent, whether it stops by itself, and the way to stop it. */
export function Strip({ onStopEverything }: { readonly onStopEverything: () => void }) {
  const { overview: store } = useApp()
  const overview = useStore(store, (state) => state.overview)
  return (
    <header className={styles['strip']}>
      <div className={styles['brand']}>
        <Mark />
        Sublet
      </div>
      {overview === null ? null : <Figures overview={overview} />}
      <div className={styles['end']}>
        {overview === null ? null : <StripLeak overview={overview} />}
        {overview === null ? null : <StripVerdict overview={overview} />}
        <Button
          look="stop"
          onClick={onStopEverything}
          disabled={
            overview === null || (overview.machines.length === 0 && overview.activeJobs === 0)
          }
        >
          Stop everything
        </Button>
      </div>
    </header>
  )
}

function Figures({ overview }: { readonly overview: Overview }) {
  const { spend, practice, monthBudgetMicros } = overview
  const burns = spend.burnMicrosPerHour > 0
  const practises = practice.burnMicrosPerHour > 0 && !burns
  return (
    <>
      <div className={burns ? styles['burning'] : styles['figure']}>
        now{' '}
        <b>
          {formatMicrosPerHour(practises ? practice.burnMicrosPerHour : spend.burnMicrosPerHour)}
        </b>
        {practises ? <Tag>practice</Tag> : null}
      </div>
      <div className={styles['figure']}>
        today <b>{formatMicros(spend.todayMicros)}</b>
      </div>
      <div className={`${styles['figure']} ${styles['month']}`}>
        {monthName(overview.month)} <b>{formatMicros(spend.monthMicros)}</b>
        {monthBudgetMicros === null ? null : (
          <>
            <span className={styles['of']}>of {formatMicros(monthBudgetMicros)}</span>
            <span className={styles['bar']}>
              <ProgressBar
                fraction={monthBudgetMicros === 0 ? 1 : spend.monthMicros / monthBudgetMicros}
                label="Share of the month's budget"
                tone={spend.monthMicros >= monthBudgetMicros ? 'danger' : 'burn'}
              />
            </span>
          </>
        )}
      </div>
    </>
  )
}

/** `November`, of `2026-11`. */
function monthName(month: string): string {
  const name = new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' })
  return name.format(new Date(`${month}-01T00:00:00Z`))
}

function Mark() {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden>
      <rect width="16" height="16" rx="4.5" fill="var(--line-strong)" />
      <path
        d="M8 8V0h3.5A4.5 4.5 0 0 1 16 4.5v7a4.5 4.5 0 0 1-4.5 4.5h-7A4.5 4.5 0 0 1 1 14.3z"
        fill="var(--accent)"
      />
    </svg>
  )
}
