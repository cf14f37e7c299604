import { z } from 'zod'
import { resultsWaySchema } from './bucket.ts'
import { microsSchema } from './money.ts'
import { offerQuerySchema } from './offer.ts'

/** Where the job's processes run: on the machine itself, or in a container image there. */
export const environmentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('machine') }),
  z.object({ kind: z.literal('image'), image: z.string().min(1) }),
])
export type Environment = z.infer<typeof environmentSchema>

/** What is started, as detection or the user said. Paths are relative to the work folder. */
export const entrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('python'), path: z.string(), args: z.array(z.string()) }),
  z.object({ kind: z.literal('notebook'), path: z.string(), args: z.array(z.string()) }),
  z.object({ kind: z.literal('r'), path: z.string(), args: z.array(z.string()) }),
  z.object({ kind: z.literal('shell'), path: z.string(), args: z.array(z.string()) }),
  z.object({ kind: z.literal('executable'), path: z.string(), args: z.array(z.string()) }),
  z.object({ kind: z.literal('command'), command: z.string().min(1) }),
])
export type Entry = z.infer<typeof entrySchema>

/** How results are copied home while the job runs; null leaves it to the user's settings. */
export const mirrorWishSchema = z.object({
  off: z.boolean().nullable(),
  everyMs: z.int().positive().nullable(),
  maxBytes: z.int().nonnegative().nullable(),
  maxCostMicros: microsSchema.nullable(),
})
export type MirrorWish = z.infer<typeof mirrorWishSchema>

/** A job, understood and normalised: absolute local paths, milliseconds, micro-dollars. */
export const jobSpecSchema = z.object({
  name: z.string().min(1),
  project: z.string().nullable(),
  tags: z.record(z.string(), z.string()),
  entry: entrySchema,
  /** Local folder or single file that becomes the work folder; null when only a command runs. */
  code: z.object({ path: z.string(), single: z.boolean() }).nullable(),
  /** Each appears as `$SUBLET_DATA/<name>`. */
  data: z.array(z.object({ path: z.string(), name: z.string().min(1) })),
  /** Local folder for results; it is Sublet's. */
  outputDir: z.string(),
  /** Globs, relative to the work folder, that come home beside SUBLET_OUTPUT. */
  outputs: z.array(z.string()),
  setup: z.array(z.string()),
  /** Absolute local folder where `before` and `after` run: that of the job file or the call. */
  baseDir: z.string(),
  before: z.array(z.string()),
  after: z.array(z.string()),
  environment: environmentSchema,
  env: z.record(z.string(), z.string()),
  secrets: z.array(z.string()),
  needs: offerQuerySchema,
  /** 0 (or absent) takes what finishes cheapest, 1 what finishes first; between weighs both. */
  preferFast: z.number().min(0).max(1).optional(),
  limits: z.object({
    maxMicrosPerHour: microsSchema.nullable(),
    budgetMicros: microsSchema.nullable(),
    maxDurationMs: z.int().positive().nullable(),
    keepWarmMs: z.int().nonnegative(),
    /** True when the user set keepWarm, false when it is the default. */
    keepWarmChosen: z.boolean(),
    afterExitMs: z.int().nonnegative(),
    graceMs: z.int().nonnegative(),
  }),
  /** Absent where the job says nothing. */
  mirror: mirrorWishSchema.optional(),
  /** Absent is `home`. */
  results: resultsWaySchema.optional(),
  /** How much the user expects the results to be. */
  outputBytes: z.int().nonnegative().optional(),
  checkpointSignal: z.enum(['USR1', 'USR2', 'INT', 'TERM']).nullable(),
  retries: z.int().nonnegative(),
})
export type JobSpec = z.infer<typeof jobSpecSchema>
