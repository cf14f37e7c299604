import { SubletError } from './errors.ts'
import type { ReportingZone } from './reporting-day.ts'

const hourMs = 3_600_000

/** One calendar day of a reporting zone: 23 to 25 hours as a rule. */
export interface ReportingDay {
  /** `2026-03-29` */
  readonly day: string
  readonly from: number
  readonly to: number
}

/** A calendar month of a reporting zone, with its days in order and without gaps. */
export interface ReportingMonth {
  /** `2026-03` */
  readonly month: string
  readonly from: number
  readonly to: number
  readonly days: readonly ReportingDay[]
}

/** The month that contains `at`, as `2026-03`. */
export function monthOf(zone: ReportingZone, at: number): string {
  return zone.dayOf(at).slice(0, 7)
}

/** When the day that contains `at` began in that zone. */
export function dayStart(zone: ReportingZone, at: number): number {
  return firstOf(zone, zone.dayOf(at))
}

/** A month by its name. Fails with `invalid` where that is not one. */
export function reportingMonth(zone: ReportingZone, month: string): ReportingMonth {
  if (!/^(19|20|21)\d\d-(0[1-9]|1[0-2])$/.test(month)) {
    throw new SubletError('invalid', `"${month}" is not a month: write it as 2026-03.`)
  }
  const from = firstOf(zone, `${month}-01`)
  const to = firstOf(zone, `${nextMonth(month)}-01`)
  const days: ReportingDay[] = []
  for (let at = from; at < to;) {
    const next = zone.nextDayAfter(at)
    days.push({ day: zone.dayOf(at), from: at, to: next })
    at = next
  }
  return { month, from, to, days }
}

/** `2026-12` → `2027-01` */
export function nextMonth(month: string): string {
  return shift(month, 1)
}

/** `2027-01` → `2026-12` */
export function previousMonth(month: string): string {
  return shift(month, -1)
}

function shift(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7)
}

/** The first time that falls on `day` or later: bisection, so that no clock change can break it. */
function firstOf(zone: ReportingZone, day: string): number {
  const guess = Date.parse(`${day}T00:00:00Z`)
  let before = guess - 30 * hourMs
  let after = guess + 30 * hourMs
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (zone.dayOf(middle) < day) before = middle
    else after = middle
  }
  return after
}
