import type { Micros } from '../../preload/contract/money.ts'
import { formatMicros } from './format.ts'
import { scaleMicros, sumMicros } from './money.ts'

const dayMs = 86_400_000
/** The pace is that of so many days back. */
export const paceMs = 14 * dayMs

export interface ForecastInput {
  readonly now: number
  readonly monthFrom: number
  readonly monthTo: number
  readonly spentMicros: number
  /** Spent since `now - paceMs`, and when the first of it began; null: nothing. */
  readonly recentMicros: number
  readonly recentFrom: number | null
}

/**
 * What the month will have cost: what is spent, and the pace of the last 14 days (or since the
 * first entry, one day at least) for what is left of it. Says how, in one sentence.
 */
export function forecast(input: ForecastInput): {
  readonly micros: Micros | null
  readonly because: string
} {
  const { now, monthTo, recentFrom } = input
  if (now >= monthTo) return { micros: null, because: 'The month is over.' }
  if (now < input.monthFrom) return { micros: null, because: 'The month has not begun.' }
  if (recentFrom === null || input.recentMicros === 0) {
    return { micros: null, because: 'Nothing was spent in the last 14 days.' }
  }
  const overMs = Math.min(paceMs, Math.max(dayMs, now - recentFrom))
  const rest = scaleMicros(input.recentMicros, monthTo - now, overMs)
  const aDay = scaleMicros(input.recentMicros, dayMs, overMs)
  const days = Math.round(overMs / dayMs)
  return {
    micros: sumMicros([input.spentMicros, rest]),
    because: `At the pace of the last ${days === 1 ? 'day' : `${days} days`}, ${formatMicros(aDay)} a day.`,
  }
}
