import { z } from 'zod'
import { SubletError } from '../../domain/errors.ts'
import { jobEventSchema, type JobEvent } from '../../domain/job/events.ts'
import { rentalEventSchema, type RentalEvent } from '../../domain/rental/events.ts'

/** A journal row as it stands in the database. */
export const journalRowSchema = z.object({
  seq: z.int(),
  stream: z.string(),
  at: z.int(),
  kind: z.string(),
  version: z.int().positive(),
  data: z.string(),
})
export type JournalRow = z.infer<typeof journalRowSchema>

/** Turns the data of one version of a kind into that of the next; rows are never rewritten. */
export type Upcaster = (data: Readonly<Record<string, unknown>>) => Record<string, unknown>

/**
 * For a kind whose shape has changed, the steps from version 1 upwards; a row is written with
 * version `length + 1`. Kinds of job and rental streams are apart, because some names are shared.
 */
export type Upcasters = Readonly<Record<string, readonly Upcaster[]>>
export const jobUpcasters: Upcasters = {}
export const rentalUpcasters: Upcasters = {}

/** The version that a new row of `kind` carries. */
export function currentVersion(kind: string, upcasters: Upcasters): number {
  return (upcasters[kind]?.length ?? 0) + 1
}

/** A job stream's row as an event of today's shape. Throws `version` on a row from the future. */
export function parseJobRow(row: JournalRow, upcasters: Upcasters = jobUpcasters): JobEvent {
  return parseRow(row, upcasters, jobEventSchema)
}

/** Likewise for a rental's stream. */
export function parseRentalRow(
  row: JournalRow,
  upcasters: Upcasters = rentalUpcasters,
): RentalEvent {
  return parseRow(row, upcasters, rentalEventSchema)
}

function parseRow<S extends z.ZodType>(
  row: JournalRow,
  upcasters: Upcasters,
  schema: S,
): z.output<S> {
  const chain = upcasters[row.kind] ?? []
  if (row.version > chain.length + 1) {
    throw new SubletError(
      'version',
      `Journal row ${row.seq} (${row.kind}) was written by a newer Sublet. Update Sublet.`,
    )
  }
  const data: unknown = JSON.parse(row.data)
  const stored = z.record(z.string(), z.unknown()).parse(data)
  const upToDate = chain.slice(row.version - 1).reduce((value, upcast) => upcast(value), stored)
  return schema.parse({ ...upToDate, kind: row.kind })
}
