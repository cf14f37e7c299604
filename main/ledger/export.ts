import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import { isoWriter } from '../domain/zone-offset.ts'
import type { Database } from '../store/database.ts'
import { csvLine, decimalUsd } from './csv.ts'
import { exportPages } from './export-rows.ts'
import type { ExportRow } from './export-rows.ts'
import { matches } from './filter.ts'
import type { LedgerQuery } from './filter.ts'

export type ExportFormat = 'csv' | 'json'

/** Rows in one piece: small enough that other requests are served between two. */
const pageRows = 1_000

const columns = [
  'from',
  'to',
  'time_zone',
  'job',
  'job_id',
  'project',
  'provider',
  'account',
  'gpu',
  'rental',
  'part',
  'status',
  'billed_seconds',
  'useful_seconds',
  'estimate_usd',
  'metered_usd',
  'amount_usd',
  'amount_micros',
  'receipt',
  'money',
] as const

/**
 * The entries of a query as a CSV (RFC 4180) or JSON text in pieces, in order of time, those of
 * open rentals (priced as of now) last. Reads page by page, so that memory stays constant and the
 * engine goes on serving. What is booked meanwhile is in it once, as booked or as of the start.
 */
export async function* exportEntries(
  database: Database,
  open: readonly LedgerEntry[],
  query: LedgerQuery,
  format: ExportFormat,
  zone: string,
): AsyncGenerator<string> {
  const write = writerOf(format, zone)
  yield write.head
  let first = true
  let living: readonly LedgerEntry[] = open.filter((entry) => matches(entry, query))
  for (const page of exportPages(database, query, pageRows)) {
    living = withoutBooked(living, page)
    yield write.lines(page, first)
    first = false
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  if (living.length > 0) yield write.lines(living, first)
  yield write.tail
}

/** A rental that was booked since the start: what the books say from there on counts, and only once. */
function withoutBooked(
  living: readonly LedgerEntry[],
  page: readonly ExportRow[],
): readonly LedgerEntry[] {
  if (living.length === 0) return living
  const bookedFrom = new Map<string, number>()
  for (const { rentalId, from } of page) {
    if (!bookedFrom.has(rentalId)) bookedFrom.set(rentalId, from)
  }
  return living.filter(({ rentalId, from }) => from < (bookedFrom.get(rentalId) ?? Infinity))
}

interface Writer {
  readonly head: string
  lines(entries: readonly ExportRow[], first: boolean): string
  readonly tail: string
}

function writerOf(format: ExportFormat, zone: string): Writer {
  const time = isoWriter(zone)
  if (format === 'csv') {
    return {
      head: csvLine(columns),
      lines: (entries) => entries.map((entry) => csvLine(cells(entry, zone, time))).join(''),
      tail: '',
    }
  }
  const text = (entry: ExportRow): string =>
    JSON.stringify({
      ...entry,
      fromTime: time(entry.from),
      toTime: time(entry.to),
      timeZone: zone,
      usd: decimalUsd(entry.micros),
    })
  return {
    head: '[',
    lines: (entries, first) => `${first ? '\n' : ',\n'}${entries.map(text).join(',\n')}`,
    tail: '\n]\n',
  }
}

function cells(entry: ExportRow, zone: string, time: (at: number) => string) {
  return [
    time(entry.from),
    time(entry.to),
    zone,
    entry.jobName,
    entry.jobId,
    entry.project,
    entry.providerId,
    entry.accountId,
    entry.gpu,
    entry.rentalId,
    entry.part,
    entry.status,
    seconds(entry.billedMs),
    entry.usefulMs === null ? null : seconds(entry.usefulMs),
    entry.estimateMicros === null ? null : decimalUsd(entry.estimateMicros),
    decimalUsd(entry.meteredMicros),
    decimalUsd(entry.micros),
    entry.micros,
    entry.receiptAt === null ? null : time(entry.receiptAt),
    entry.simulated ? 'practice' : 'real',
  ]
}

/** Milliseconds as seconds with three decimals, without floats: `12.034`. */
function seconds(ms: number): string {
  const digits = String(ms).padStart(4, '0')
  return `${digits.slice(0, -3)}.${digits.slice(-3)}`
}
