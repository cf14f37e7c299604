import { z } from 'zod'
import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import type { SpendMonth } from '../../preload/contract/spend.ts'
import { forecast, paceMs } from '../domain/forecast.ts'
import { sumMicros } from '../domain/money.ts'
import type { ReportingZone } from '../domain/reporting-day.ts'
import { monthBounds, monthOf, nextMonth, reportingMonth } from '../domain/reporting-month.ts'
import type { Database } from '../store/database.ts'
import { SpendSums } from './spend-sums.ts'

const estimatesCounted = 20

export interface MonthQuestion {
  readonly month: string
  readonly simulated: boolean
  readonly zone: ReportingZone
  /** Engine time. */
  readonly now: number
}

/** One month of one kind of money; `open` are the entries of all open rentals as of now. */
export function spendMonth(
  database: Database,
  open: readonly LedgerEntry[],
  { month, simulated, zone, now }: MonthQuestion,
): SpendMonth {
  const { from, to, days } = reportingMonth(zone, month)
  const sums = new SpendSums(database, open)
  const byDay = days.map(({ day, from: start, to: end }) => {
    const sum = sums.sum({ from: start, to: end, simulated })
    return { day, from: start, to: end, ...sum }
  })
  const totalMicros = sumMicros(byDay.map((day) => day.micros))
  const recent = { from: now - paceMs, to: now + 1, simulated }
  const foreseen = forecast({
    now,
    monthFrom: from,
    monthTo: to,
    spentMicros: totalMicros,
    recentMicros: sums.sum(recent).micros,
    recentFrom: sums.first(recent),
  })
  const errors = sums.estimateErrors(simulated, estimatesCounted)
  const living = open.filter((entry) => entry.simulated === simulated)
  return {
    month,
    zone: zone.name,
    from,
    to,
    at: now,
    simulated,
    totalMicros,
    otherMicros: sums.sum({ from, to, simulated: !simulated }).micros,
    days: byDay,
    forecastMicros: foreseen.micros,
    forecastBecause: foreseen.because,
    idleMicros: sumMicros(byDay.map((day) => day.idleMicros)),
    ...sums.used({ from, to, simulated }),
    accuracy: errors.length === 0 ? null : { off: median(errors), count: errors.length },
    openRentals: new Set(living.map((entry) => entry.rentalId)).size,
  }
}

export interface MonthTotals {
  readonly month: string
  readonly micros: SpendMonth['totalMicros']
  readonly simulatedMicros: SpendMonth['totalMicros']
}

/** The months in which something was booked, newest first; the present one whatever it has. */
export function monthsWithEntries(
  database: Database,
  open: readonly LedgerEntry[],
  zone: ReportingZone,
  now: number,
): MonthTotals[] {
  const sums = new SpendSums(database, open)
  const first = sums.first({})
  const present = monthOf(zone, now)
  const found: MonthTotals[] = []
  const last = lastMonth(database, zone, present)
  const start = first === null ? present : monthOf(zone, first)
  for (let month = start < present ? start : present; month <= last; month = nextMonth(month)) {
    const { from, to } = monthBounds(zone, month)
    const totals = {
      month,
      micros: sums.sum({ from, to, simulated: false }).micros,
      simulatedMicros: sums.sum({ from, to, simulated: true }).micros,
    }
    if (month === present || totals.micros !== 0 || totals.simulatedMicros !== 0) {
      found.unshift(totals)
    }
  }
  return found
}

function lastMonth(database: Database, zone: ReportingZone, present: string): string {
  const row = database.get(
    z.object({ at: z.int().nullable() }),
    'SELECT MAX(from_at) AS at FROM ledger_entries',
  )
  const last = row?.at == null ? present : monthOf(zone, row.at)
  return last > present ? last : present
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}
