import { useRef, useState, type KeyboardEvent } from 'react'
import type { SpendDay, SpendMonth } from '../../../preload/contract/spend.ts'
import { formatMicros } from '../../../main/domain/format.ts'
import styles from './month-bars.module.css'
import type { SpendPick } from './spend-view.ts'
import { dayWords } from './spend-words.ts'

export interface MonthBarsProps {
  readonly month: SpendMonth
  /** What the month may cost; null without a budget. */
  readonly budgetMicros: number | null
  readonly pick: SpendPick
  readonly onPick: (pick: SpendPick) => void
  /** The day under the pointer or the keyboard. */
  readonly onPoint: (day: SpendDay | null) => void
}

/** A bar a day; each is a button that opens its entries. One tab stop, arrow keys inside. */
export function MonthBars({ month, budgetMicros, pick, onPick, onPoint }: MonthBarsProps) {
  const group = useRef<HTMLDivElement>(null)
  const today = month.days.findIndex((day) => month.at < day.to)
  const last = today === -1 ? month.days.length - 1 : today
  const [stop, setStop] = useState<number | null>(null)
  const picked = month.days.findIndex((day) => pick.kind === 'day' && day.day === pick.day)
  const tabStop = Math.min(stop ?? (picked === -1 ? last : picked), last)
  const aDay = budgetMicros === null ? null : budgetMicros / month.days.length
  const most = Math.max(...month.days.map((day) => day.micros), 1)
  // A budget far above every day would flatten all bars.
  const lineFits = aDay !== null && aDay <= most * 3
  const top = (lineFits ? Math.max(most, aDay) : most) * 1.08

  const move = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: tabStop - 1,
      ArrowRight: tabStop + 1,
      Home: 0,
      End: last,
    }
    const next = steps[event.key]
    if (next === undefined) return
    event.preventDefault()
    const at = Math.min(last, Math.max(0, next))
    setStop(at)
    group.current?.querySelectorAll('button')[at]?.focus()
  }

  return (
    <div>
      <div className={styles['legend']}>
        {aDay === null ? null : (
          <>
            {lineFits ? <i aria-hidden /> : null}
            {formatMicros(Math.floor(aDay / 10_000) * 10_000)} a day keeps the month at{' '}
            {formatMicros(budgetMicros ?? 0)}
            {lineFits ? '' : ', far above these days'}
          </>
        )}
      </div>
      <div className={styles['plot']}>
        {aDay === null || !lineFits ? null : (
          <div className={styles['line']} style={{ bottom: `${(aDay / top) * 100}%` }} />
        )}
        <div
          ref={group}
          className={styles['days']}
          role="toolbar"
          tabIndex={-1}
          aria-label="Days of the month"
          aria-orientation="horizontal"
          onKeyDown={move}
          onPointerLeave={() => onPoint(null)}
          onBlur={() => onPoint(null)}
        >
          {month.days.map((day, index) => (
            <button
              key={day.day}
              type="button"
              className={styles['day']}
              disabled={index > last}
              tabIndex={index === tabStop ? 0 : -1}
              aria-pressed={index === picked}
              aria-label={dayLabel(day)}
              data-today={index === today || undefined}
              data-practice={month.simulated || undefined}
              onClick={() => {
                setStop(index)
                onPick(index === picked ? { kind: 'all' } : { kind: 'day', day: day.day })
              }}
              onPointerEnter={() => onPoint(day)}
              onFocus={() => {
                setStop(index)
                onPoint(day)
              }}
            >
              <Bar micros={day.micros - day.idleMicros} idleMicros={day.idleMicros} top={top} />
            </button>
          ))}
        </div>
      </div>
      <div className={styles['axis']} aria-hidden>
        {month.days.map((day, index) => (
          <span key={day.day}>{labelled(index, month.days.length) ? index + 1 : ''}</span>
        ))}
      </div>
    </div>
  )
}

function Bar({
  micros,
  idleMicros,
  top,
}: {
  readonly micros: number
  readonly idleMicros: number
  readonly top: number
}) {
  return (
    <>
      {idleMicros <= 0 ? null : (
        <i className={styles['idle']} style={{ height: `${(idleMicros / top) * 100}%` }} />
      )}
      {micros <= 0 ? null : (
        <i className={styles['bar']} style={{ height: `${(micros / top) * 100}%` }} />
      )}
    </>
  )
}

function dayLabel(day: SpendDay): string {
  const idle = day.idleMicros === 0 ? '' : `, ${formatMicros(day.idleMicros)} of it idle`
  return `${dayWords(day.day)}, ${formatMicros(day.micros)}${idle}`
}

/** The first, every fifth and the last, where they do not touch. */
function labelled(index: number, count: number): boolean {
  const day = index + 1
  return day === 1 || day === count || (day % 5 === 0 && count - day > 1)
}
