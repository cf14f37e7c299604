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
  const { from, to } = monthBounds(zone, month)
  const days: ReportingDay[] = []
  for (let at = from; at < to;) {
    const next = nextDay(zone, at)
    days.push({ day: zone.dayOf(at), from: at, to: next })
    at = next
  }
  return { month, from, to, days }
}

/** When a month begins and when the next does. Fails like `reportingMonth`. */
export function monthBounds(
  zone: ReportingZone,
  month: string,
): { readonly from: number; readonly to: number } {
  if (!/^(19|20|21)\d\d-(0[1-9]|1[0-2])$/.test(month)) {
    throw new SubletError('invalid', `"${month}" is not a month: write it as 2026-03.`)
  }
  return { from: firstOf(zone, `${month}-01`), to: firstOf(zone, `${nextMonth(month)}-01`) }
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

/** Most days have 24 hours: looked at first, since `nextDayAfter` searches hour by hour. */
function nextDay(zone: ReportingZone, start: number): number {
  const day = zone.dayOf(start)
  const usual = start + 24 * hourMs
  const isUsual = zone.dayOf(usual - 1) === day && zone.dayOf(usual) !== day
  return isUsual ? usual : zone.nextDayAfter(start)
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
