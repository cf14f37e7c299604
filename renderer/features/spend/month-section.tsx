import { useState } from 'react'
import type { BudgetState } from '../../../preload/contract/budget.ts'
import type { SpendDay, SpendMonth } from '../../../preload/contract/spend.ts'
import { formatMicros, formatMicrosPerHour } from '../../../main/domain/format.ts'
import { useStore } from 'zustand'
import { useApp } from '../../app/app-context.ts'
import { Section } from '../../ui/page.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Tag } from '../../ui/tag.tsx'
import { MonthBars } from './month-bars.tsx'
import styles from './spend.module.css'
import type { SpendPick } from './spend-view.ts'
import { dayWords, ordinal, percent } from './spend-words.ts'

export interface MonthSectionProps {
  readonly month: SpendMonth
  readonly budgets: readonly BudgetState[]
  readonly pick: SpendPick
  readonly onPick: (pick: SpendPick) => void
  readonly onMoney: (money: 'real' | 'practice') => void
}

/** The month against its budget: days as bars, and what they come to in sentences. */
export function MonthSection({ month, budgets, pick, onPick, onMoney }: MonthSectionProps) {
  const [pointed, setPointed] = useState<SpendDay | null>(null)
  const all = budgets.find((state) => state.budget.id === 'all')
  const present = month.at >= month.from && month.at < month.to
  const budget = month.simulated ? null : (all?.budget.micros ?? null)
  return (
    <Section
      title={budget === null ? 'Days of the month' : 'Month against budget'}
      detail={
        pointed !== null ? (
          dayDetail(pointed)
        ) : month.simulated ? (
          <Tag>practice money</Tag>
        ) : undefined
      }
    >
      <MonthBars
        month={month}
        budgetMicros={budget}
        pick={pick}
        onPick={onPick}
        onPoint={setPointed}
      />
      <div className={styles['sentences']}>
        <Money month={month} onMoney={onMoney} />
        <p>
          <SoFar month={month} />
        </p>
        {present && !month.simulated
          ? budgets
              .filter((state) => state.budget.id === 'all' || state.level !== 'ok')
              .map((state) => <BudgetLine key={state.budget.id} state={state} />)
          : null}
        {present ? <Now simulated={month.simulated} /> : null}
      </div>
    </Section>
  )
}

/** Real and practice money never stand in one sum; the other's total is always in sight. */
function Money({ month, onMoney }: Pick<MonthSectionProps, 'month' | 'onMoney'>) {
  const { simulated, totalMicros, otherMicros } = month
  if (!simulated && otherMicros === 0) return null
  const real = simulated ? otherMicros : totalMicros
  const practice = simulated ? totalMicros : otherMicros
  return (
    <div className={styles['money']}>
      <Segmented
        label="Kind of money"
        value={simulated ? 'practice' : 'real'}
        options={[
          { value: 'real', label: `Real ${formatMicros(real)}` },
          { value: 'practice', label: `Practice ${formatMicros(practice)}` },
        ]}
        onValue={onMoney}
      />
    </div>
  )
}

function SoFar({ month }: { readonly month: SpendMonth }) {
  const { totalMicros, forecastMicros, accuracy } = month
  const last = ordinal(month.days.length)
  const over = month.at >= month.to
  if (month.simulated) {
    return (
      <>
        <b className={styles['strong']}>{formatMicros(totalMicros)}</b> of practice money{' '}
        {over ? 'in all' : 'so far'}: nothing of it is charged to anyone.
      </>
    )
  }
  return (
    <>
      <b className={styles['strong']}>{formatMicros(totalMicros)}</b> {over ? 'in all' : 'so far'}
      {forecastMicros === null ? null : (
        <>
          , about <b className={styles['strong']}>{formatMicros(roundCents(forecastMicros))}</b> by
          the {last}
        </>
      )}
      . {over ? null : <span className={styles['dim']}>{month.forecastBecause} </span>}
      {accuracy === null
        ? null
        : `Estimates were ${percent(accuracy.off)} off (median of the last ${accuracy.count}).`}
    </>
  )
}

/** A forecast with millionths would claim what nobody knows. */
function roundCents(micros: number): number {
  const step = micros >= 10_000_000 ? 1_000_000 : 10_000
  return Math.round(micros / step) * step
}

function BudgetLine({ state }: { readonly state: BudgetState }) {
  return (
    <p className={state.level === 'ok' ? undefined : styles[state.level]}>
      {state.level === 'ok' ? null : (
        <Tag tone={state.level === 'over' ? 'bad' : 'burn'}>
          {state.level === 'over' ? 'over budget' : 'near budget'}
        </Tag>
      )}{' '}
      {state.sentence}
    </p>
  )
}

function Now({ simulated }: { readonly simulated: boolean }) {
  const { overview } = useApp()
  const figures = useStore(overview, (state) =>
    simulated ? state.overview?.practice : state.overview?.spend,
  )
  if (figures === undefined) return null
  return (
    <p className={styles['dim']}>
      Now {formatMicrosPerHour(figures.burnMicrosPerHour)}, today{' '}
      {formatMicros(figures.todayMicros)}.
    </p>
  )
}

function dayDetail(day: SpendDay): string {
  const idle = day.idleMicros === 0 ? '' : `, ${formatMicros(day.idleMicros)} of it idle`
  return `${dayWords(day.day)}: ${formatMicros(day.micros)}${idle}`
}
