import type { Budget, BudgetPeriod } from '../../preload/contract/budget.ts'
import type { ReportingZone } from './reporting-day.ts'
import { dayStart, monthBounds, monthOf } from './reporting-month.ts'
import type { Period } from './spend-share.ts'

/** The day or month of the reporting zone that contains `at`: [from, to). */
export function periodBounds(
  zone: ReportingZone,
  period: BudgetPeriod,
  at: number,
): { readonly from: number; readonly to: number } {
  if (period === 'month') return monthBounds(zone, monthOf(zone, at))
  return { from: dayStart(zone, at), to: zone.nextDayAfter(at) }
}

/**
 * What a budget leaves in the period under way, and whole in each of those that follow, until one
 * contains `until`. Negative where more than all is spent.
 */
export function periodsUntil(
  zone: ReportingZone,
  { period, micros }: Pick<Budget, 'period' | 'micros'>,
  spentMicros: number,
  now: number,
  until: number,
): Period[] {
  const periods: Period[] = []
  for (let at = now; ;) {
    const bounds = periodBounds(zone, period, at)
    periods.push({ ...bounds, micros: periods.length === 0 ? micros - spentMicros : micros })
    if (bounds.to > until) return periods
    at = bounds.to
  }
}
