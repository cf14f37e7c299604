import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ledger } from '../../main/ledger/ledger.ts'
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
