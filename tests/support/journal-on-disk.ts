import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { JobEvent } from '../../main/domain/job/events.ts'
import type { JobRecord } from '../../main/domain/job/record.ts'
import { begin } from '../../main/domain/job/begin.ts'
import { transition } from '../../main/domain/job/transition.ts'
import { homeAt } from '../../main/engine/home.ts'
import { journalRowSchema, parseJobRow } from '../../main/jobs/journal/rows.ts'

interface Dated {
  readonly at: number
  readonly event: JobEvent
}

/** What a home's journal has of a job, read beside a running engine or after its death. */
export function jobEvents(home: string, jobId: string): readonly Dated[] {
  const database = new DatabaseSync(homeAt(home).databaseFile, { readOnly: true })
  try {
    return database
      .prepare('SELECT * FROM journal WHERE stream = ? ORDER BY seq')
      .all(jobId)
      .map((row) => journalRowSchema.parse(row))
      .map((row) => ({ at: row.at, event: parseJobRow(row) }))
  } finally {
    database.close()
  }
}

/** The kinds of line in a home's journal so far, as `job:exited`; none while it is being made. */
export function kindsOnDisk(home: string): ReadonlySet<string> {
  const { databaseFile } = homeAt(home)
  if (!existsSync(databaseFile)) return new Set()
  const database = new DatabaseSync(databaseFile, { readOnly: true, timeout: 1_000 })
  try {
    const made = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'journal'").get()
    if (made === undefined) return new Set()
    const rows = database.prepare('SELECT DISTINCT stream, kind FROM journal').all()
    return new Set(
      rows.map(({ stream, kind }) => `${String(stream).split('-')[0]}:${String(kind)}`),
    )
  } finally {
    database.close()
  }
}

/** The job as the next engine will find it. */
export function jobOnDisk(home: string, jobId: string): JobRecord {
  const [first, ...rest] = jobEvents(home, jobId)
  if (first?.event.kind !== 'submitted') throw new Error(`${jobId} is not in the journal.`)
  return rest.reduce<JobRecord>(
    (job, { at, event }) => transition(job, event, at),
    begin(jobId, first.event, first.at),
  )
}
