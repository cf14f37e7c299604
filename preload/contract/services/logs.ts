import { z } from 'zod'
import { jobIdSchema } from '../job-state.ts'
import { call, stream } from '../procedure.ts'
import { jobRef } from './common.ts'

/** From `start` to before `end` of a line's text, in UTF-16 units, in one style of a terminal. */
export const logSpanSchema = z.object({
  start: z.int(),
  end: z.int(),
  /** One of the 16 terminal colours, 0 to 15. */
  colour: z.int().min(0).max(15).nullable(),
  bold: z.boolean(),
  dim: z.boolean(),
})
export type LogSpan = z.infer<typeof logSpanSchema>

/**
 * One line for display. Control sequences are inert, a progress bar shows its last state, and a
 * line without end is cut into several, of which all but the first are `continued`.
 */
export const logLineSchema = z.object({
  /** Counts from 0 over all attempts. */
  line: z.int(),
  /** Where it begins in the job's log, in bytes. */
  offset: z.int(),
  text: z.string(),
  spans: z.array(logSpanSchema),
  continued: z.boolean(),
  /** When it began to be written, exact to a second; null where nothing measured it. */
  at: z.int().nullable(),
})
export type LogLine = z.infer<typeof logLineSchema>

/** How much of a log there is. */
export const logExtentSchema = z.object({
  lines: z.int(),
  sizeBytes: z.int(),
  /** Lines before this byte know their time, where it was measured at all. */
  timedBytes: z.int(),
  ended: z.boolean(),
})
export type LogExtent = z.infer<typeof logExtentSchema>

/** The procedures about logs: all attempts of a job in order, as lines. */
export const logsService = {
  /** Lines from a line number, from the line at a byte, or from the first line at or after a time. */
  lines: call(
    z.object({
      jobId: jobIdSchema,
      from: z.union([
        z.object({ line: z.int().nonnegative() }),
        z.object({ offset: z.int().nonnegative() }),
        z.object({ at: z.int() }),
      ]),
      /** Fewer come where the log ends or the answer would be large. */
      count: z.int().nonnegative().max(2_000),
    }),
    z.object({
      extent: logExtentSchema,
      /** Where `from` led: the number of the first line, also where none follows. */
      first: z.int(),
      lines: z.array(logLineSchema),
    }),
  ),
  /**
   * Every place where the text stands, from `fromLine` on, in pieces as the scan goes. At most
   * `limit` places are listed; all are counted.
   */
  search: stream(
    z.object({
      jobId: jobIdSchema,
      text: z.string().min(1).max(1_000),
      caseSensitive: z.boolean(),
      fromLine: z.int().nonnegative(),
      limit: z.int().min(1).max(100_000),
    }),
    logExtentSchema,
    z.object({
      /** Lines and first columns (UTF-16 units) of the places, side by side. */
      lines: z.array(z.int()),
      columns: z.array(z.int()),
      /** Places found so far, listed or not. */
      found: z.int(),
      scannedLines: z.int(),
    }),
  ),
  /** Writes the log as it is, byte for byte. Fails with `conflict` where the file exists, unless `replace`. */
  save: call(
    z.object({ jobId: jobIdSchema, path: z.string().min(1), replace: z.boolean() }),
    z.object({ path: z.string(), bytes: z.int() }),
  ),
  /** How the log grows, at most ten times a second; ends with the job. */
  follow: stream(jobRef, logExtentSchema, logExtentSchema),
} as const
