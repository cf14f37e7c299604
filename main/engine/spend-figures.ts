import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import type { Micros } from '../../preload/contract/money.ts'
import type { SpendFigures } from '../../preload/contract/overview.ts'
import { sumMicros } from '../domain/money.ts'
import { reportingZone } from '../domain/reporting-day.ts'
import { dayStart, monthBounds, monthOf } from '../domain/reporting-month.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { openEntries, type OpenParts } from './open-entries.ts'
import type { EngineDeps } from './services-port.ts'

/** What is spent as of now; open rentals are priced up to now. */
export interface SpendNow {
  readonly real: SpendFigures
  /** The practice cloud's money: never added to the real one. */
  readonly simulated: SpendFigures
  /** IANA name of the zone in which today and the month begin. */
  readonly zone: string
  /** `2026-03` */
  readonly month: string
}

export interface SpendParts extends OpenParts, Pick<EngineDeps, 'clock' | 'settings'> {
  readonly ledger: Ledger
}

/** Burn now, today and this month. Cheap enough for every few seconds: sums over one index. */
export function spendNow(parts: SpendParts): SpendNow {
  const { ledger, journal, clock } = parts
  const zone = reportingZone(parts.settings.get('reportingZone'))
  const now = clock.now()
  const today = dayStart(zone, now)
  const month = monthOf(zone, now)
  const monthFrom = monthBounds(zone, month).from
  const rentals = journal.openRentals().filter((rental) => rental.launchIssuedAt !== null)
  const open = openEntries(parts)
  const figures = (simulated: boolean): SpendFigures => {
    const since = (from: number): Micros =>
      sumMicros([
        ledger.totalMicros({ from, simulated }),
        ...open.filter((entry) => isOf(entry, simulated, from)).map((entry) => entry.micros),
      ])
    return {
      burnMicrosPerHour: sumMicros(
        rentals
          .filter((rental) => rental.offer.simulated === simulated)
          .map((rental) => rental.offer.microsPerHour),
      ),
      todayMicros: since(today),
      monthMicros: since(monthFrom),
    }
  }
  return { real: figures(false), simulated: figures(true), zone: zone.name, month }
}

function isOf(entry: LedgerEntry, simulated: boolean, from: number): boolean {
  return entry.simulated === simulated && entry.from >= from
}
