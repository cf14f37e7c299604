import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reportingZone } from '../../main/domain/reporting-day.ts'
import { exportEntries } from '../../main/ledger/export.ts'
import { Ledger } from '../../main/ledger/ledger.ts'
import { spendGroups } from '../../main/ledger/spend-groups.ts'
import { spendMonth } from '../../main/ledger/spend-month.ts'
import { countRows, spendRows } from '../../main/ledger/spend-rows.ts'
import type { Database } from '../../main/store/database.ts'
import { openDatabase } from '../../main/store/open.ts'
import { medianMs, report } from './timed.ts'

const count = 1_000_000
const start = Date.parse('2024-01-01T00:00:00Z')
/** Two years of entries, evenly. */
const stepMs = Math.floor((2 * 365 * 86_400_000) / count)

const folder = mkdtempSync(join(tmpdir(), 'sublet-bench-'))
const database = openDatabase(join(folder, 'books.db'))
try {
  fill(database)
  const ledger = new Ledger(database)
  const from = Date.parse('2025-03-01T00:00:00Z')
  const to = Date.parse('2025-04-01T00:00:00Z')
  report(
    `${count} entries: a month by provider`,
    medianMs(9, () => ledger.totalsByProvider({ from, to })),
    200,
  )
  const zone = reportingZone('Europe/Berlin')
  const question = { month: '2025-03', simulated: true, zone, now: Date.parse('2025-03-20') }
  report(
    `${count} entries: the figures of a month`,
    medianMs(5, () => spendMonth(database, [], question)),
    200,
  )
  for (const by of ['provider', 'project', 'gpu', 'job'] as const) {
    report(
      `${count} entries: a month by ${by}`,
      medianMs(5, () => spendGroups(database, [], { from, to, simulated: true }, by)),
      200,
    )
  }
  const query = { from, to, simulated: true }
  report(
    `${count} entries: a page of a month's rows`,
    medianMs(5, () => [
      countRows(database, [], query),
      spendRows(database, [], query, { offset: 5_000, count: 100 }),
    ]),
    200,
  )
  report(
    `${count} entries: burn, today and month`,
    medianMs(9, () => [
      ledger.totalMicros(query),
      ledger.totalMicros({ ...query, from: to - 1e8 }),
    ]),
  )
  await exportAll(database)
  report(
    `${count} entries: all time by provider`,
    medianMs(9, () => ledger.totalsByProvider()),
  )
  report(
    `${count} entries: the entries of one job`,
    medianMs(9, () => ledger.list({ jobId: jobId(77) })),
  )
} finally {
  database.close()
  rmSync(folder, { recursive: true })
}

/** All entries as CSV; memory is looked at between pieces. */
async function exportAll(from: Database): Promise<void> {
  let bytes = 0
  let mostMib = 0
  const before = process.memoryUsage().rss / 2 ** 20
  const started = performance.now()
  const cpuBefore = process.cpuUsage()
  for await (const piece of exportEntries(from, [], {}, 'csv', 'Europe/Berlin')) {
    bytes += piece.length
    mostMib = Math.max(mostMib, process.memoryUsage().rss / 2 ** 20 - before)
  }
  report(`${count} entries: CSV export`, performance.now() - started, 5_000)
  const { user, system } = process.cpuUsage(cpuBefore)
  const cpu = `${((user + system) / 1e6).toFixed(1)} s of processor time`
  const size = `${(bytes / 2 ** 20).toFixed(0)} MiB`
  process.stdout.write(
    `  ${size} of CSV, ${cpu}; memory rose by ${mostMib.toFixed(0)} MiB at most\n`,
  )
}

function fill(into: Database): void {
  into.transaction(() => {
    for (let index = 0; index < count; index += 1) {
      const at = start + index * stepMs
      into.run(
        `INSERT INTO ledger_entries (id, rental_id, account_id, provider_id, job_id, job_name,
          project, gpu, part, from_at, to_at, micros, metered_micros, status, estimate_micros,
          simulated)
        VALUES (?, ?, 'main', ?, ?, 'bench', NULL, 'H100', 'compute', ?, ?, ?, 0, 'metered', NULL, 1)`,
        [
          `entry-${index}`,
          `sublet-${ulidLike(Math.floor(index / 3))}`,
          `provider-${index % 12}`,
          jobId(Math.floor(index / 5)),
          at,
          at + 60_000,
          1_000 + (index % 5_000),
        ],
      )
    }
  })
}

function jobId(index: number): string {
  return `job-${ulidLike(index)}`
}

function ulidLike(index: number): string {
  return String(index).padStart(26, '0')
}
