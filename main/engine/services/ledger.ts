import type { Contract } from '../../../preload/contract/contract.ts'
import type { SpendQuery } from '../../../preload/contract/spend.ts'
import { sumMicros } from '../../domain/money.ts'
import { reportingZone } from '../../domain/reporting-day.ts'
import { monthBounds, monthOf } from '../../domain/reporting-month.ts'
import { exportEntries } from '../../ledger/export.ts'
import type { LedgerQuery } from '../../ledger/filter.ts'
import { matches } from '../../ledger/filter.ts'
import { spendGroups } from '../../ledger/spend-groups.ts'
import { monthsWithEntries, spendMonth } from '../../ledger/spend-month.ts'
import { countRows, spendRows } from '../../ledger/spend-rows.ts'
import { SpendSums } from '../../ledger/spend-sums.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import { openEntries } from '../open-entries.ts'
import type { ServiceParts } from './context.ts'
import { receiptsHandler } from './receipts.ts'

/** The handlers about the books. Rentals that still run are priced as of now. */
export function ledgerHandlers(parts: ServiceParts): Handlers<Contract>['ledger'] {
  const { ledger, database, clock } = parts
  const zone = () => reportingZone(parts.settings.get('reportingZone'))
  const within = (query: SpendQuery): LedgerQuery => {
    if (query.month === undefined) return query
    const { from, to } = monthBounds(zone(), query.month)
    return { ...query, from: Math.max(from, query.from ?? from), to: Math.min(to, query.to ?? to) }
  }
  return {
    list: async (query) => {
      const open = openEntries(parts).filter((entry) => matches(entry, query))
      const entries = [...ledger.list(query), ...open]
      return { entries, totalMicros: sumMicros(entries.map((entry) => entry.micros)) }
    },
    month: async ({ month, simulated }) => {
      const reporting = zone()
      const now = clock.now()
      return spendMonth(database, openEntries(parts), {
        month: month ?? monthOf(reporting, now),
        simulated,
        zone: reporting,
        now,
      })
    },
    months: async () => {
      const reporting = zone()
      const months = monthsWithEntries(database, openEntries(parts), reporting, clock.now())
      return { zone: reporting.name, months }
    },
    groups: async ({ by, ...query }) =>
      spendGroups(database, openEntries(parts), within(query), by),
    entries: async ({ offset, count, ...asked }) => {
      const query = within(asked)
      const open = openEntries(parts)
      return {
        total: countRows(database, open, query),
        totalMicros: new SpendSums(database, open).sum(query).micros,
        rows: spendRows(database, open, query, { offset, count }),
      }
    },
    receipts: receiptsHandler(parts),
    export: async ({ format, ...asked }) => {
      const reporting = zone()
      const query = within(asked)
      const pieces = exportEntries(database, openEntries(parts), query, format, reporting.name)
      return {
        snapshot: {
          fileName: fileName(asked, reporting.dayOf(clock.now()), format),
          mediaType: format === 'csv' ? 'text/csv' : 'application/json',
        },
        events: asEvents(pieces),
      }
    },
  }
}

async function* asEvents(pieces: AsyncIterable<string>): AsyncGenerator<{ text: string }> {
  for await (const text of pieces) yield { text }
}

/** `sublet-spend-2026-03.csv`; a practice file says so in its name. */
function fileName({ month, simulated }: SpendQuery, today: string, format: string): string {
  return `sublet-${simulated ? 'practice' : 'spend'}-${month ?? `until-${today}`}.${format}`
}
