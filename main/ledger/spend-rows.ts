import { z } from 'zod'
import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import { spendRowSchema } from '../../preload/contract/spend.ts'
import type { SpendRow } from '../../preload/contract/spend.ts'
import { sumMicros } from '../domain/money.ts'
import type { Database } from '../store/database.ts'
import { filter, matches } from './filter.ts'
import type { LedgerQuery } from './filter.ts'

const countRow = z.object({ count: z.int() })
const flag = z.int().transform((value) => value === 1)
const row = spendRowSchema.extend({ simulated: flag })

/** How many rows the query has: one per rental and job (idle time being one more). */
export function countRows(
  database: Database,
  open: readonly LedgerEntry[],
  query: LedgerQuery,
): number {
  const { where, params } = filter(query)
  const booked = database.get(
    countRow,
    `SELECT COUNT(*) AS count FROM
      (SELECT 1 FROM ledger_entries ${where} GROUP BY rental_id, job_id)`,
    params,
  )
  return openRows(open, query).length + (booked?.count ?? 0)
}

/** A page of rows: open rentals first, then newest first. */
export function spendRows(
  database: Database,
  open: readonly LedgerEntry[],
  query: LedgerQuery,
  page: { readonly offset: number; readonly count: number },
): SpendRow[] {
  const living = openRows(open, query)
  const first = living.slice(page.offset, page.offset + page.count)
  const left = page.count - first.length
  if (left === 0) return first
  const { where, params } = filter(query)
  const booked = database.all(
    row,
    `SELECT rental_id AS rentalId, MAX(account_id) AS accountId, MAX(provider_id) AS providerId,
      job_id AS jobId, MAX(job_name) AS jobName, MAX(project) AS project, MAX(gpu) AS gpu,
      MIN(from_at) AS "from", MAX(to_at) AS "to", MAX(status) AS status,
      MAX(simulated) AS simulated, MAX(receipt_at) AS receiptAt, SUM(billed_ms) AS billedMs,
      SUM(useful_ms) AS usefulMs, MAX(estimate_micros) AS estimateMicros,
      SUM(metered_micros) AS meteredMicros, SUM(micros) AS micros,
      CASE WHEN MAX(status) = 'reconciled' THEN SUM(micros) END AS reconciledMicros
      FROM ledger_entries ${where} GROUP BY rental_id, job_id
      ORDER BY MIN(from_at) DESC, rental_id, job_id LIMIT ? OFFSET ?`,
    [...params, left, Math.max(0, page.offset - living.length)],
  )
  return [...first, ...booked]
}

/** Open rentals' entries as rows, newest first. */
function openRows(open: readonly LedgerEntry[], query: LedgerQuery): SpendRow[] {
  const rows = new Map<string, SpendRow>()
  for (const entry of open.filter((one) => matches(one, query))) {
    const key = `${entry.rentalId} ${entry.jobId ?? ''}`
    const known = rows.get(key)
    const own = { ...entry, reconciledMicros: null }
    rows.set(key, known === undefined ? own : together(known, own))
  }
  return [...rows.values()].sort((a, b) => b.from - a.from).map((one) => spendRowSchema.parse(one))
}

function together(a: SpendRow, b: SpendRow): SpendRow {
  return {
    ...a,
    from: Math.min(a.from, b.from),
    to: Math.max(a.to, b.to),
    micros: sumMicros([a.micros, b.micros]),
    meteredMicros: sumMicros([a.meteredMicros, b.meteredMicros]),
    estimateMicros: a.estimateMicros ?? b.estimateMicros,
    billedMs: a.billedMs + b.billedMs,
    usefulMs: a.usefulMs === null ? b.usefulMs : a.usefulMs + (b.usefulMs ?? 0),
  }
}
