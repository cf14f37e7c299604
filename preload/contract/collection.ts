import { z } from 'zod'
import { microsSchema } from './money.ts'

/** What bringing the results home takes, and what the figures rest on. */
export const collectionSchema = z.object({
  /** Expected before launch; while it runs, what is not home yet. */
  bytes: z.int().nonnegative(),
  sizeFrom: z.enum(['earlier-run', 'job-file', 'assumed', 'machine']),
  bytesPerSecond: z.int().positive(),
  speedFrom: z.enum(['measured', 'assumed']),
  ms: z.int().nonnegative(),
  /** Traffic out of the machine. */
  egressMicros: microsSchema,
  /** The machine while it is collected from. */
  machineMicros: microsSchema,
})
export type Collection = z.infer<typeof collectionSchema>

/** How copying results home stands while a job runs. */
export const mirrorStatusSchema = z.object({
  state: z.enum(['waiting', 'copying', 'off']),
  /** Why it is off, in a sentence; null while it is on. */
  because: z.string().nullable(),
  /** When the last pass ended; null before the first. */
  lastAt: z.int().nullable(),
  /** When the next one begins; null while one is under way or none will. */
  nextAt: z.int().nullable(),
  /** All results on the machine at the last look, home or not; null before it. */
  totalBytes: z.int().nullable(),
  /** Of these, what is not home. */
  missingBytes: z.int().nullable(),
  /** Left for the end by a limit. */
  leftOutFiles: z.int(),
})
export type MirrorStatus = z.infer<typeof mirrorStatusSchema>
