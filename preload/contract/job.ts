import { z } from 'zod'
import { budgetLimitSchema } from './budget.ts'
import { wireErrorSchema } from './errors.ts'
import { collectionSchema } from './collection.ts'
import { jobSpecSchema } from './job-spec.ts'
import { microsSchema } from './money.ts'
import { gpuSchema, offerSchema, offerSourceSchema } from './offer.ts'
import { receiptSchema, rentalIdSchema, stopVerdictSchema } from './rental.ts'

export const jobStates = [
  'queued',
  'choosing',
  'launching',
  'booting',
  'connecting',
  'staging',
  'running',
  'collecting',
  'releasing',
  'done',
  'failed',
  'cancelled',
  'interrupted',
] as const
export const jobStateSchema = z.enum(jobStates)
export type JobState = z.infer<typeof jobStateSchema>

/** States that a job never leaves. `interrupted` is left for `choosing`. */
export function isEnded(state: JobState): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}

export const jobIdSchema = z.string().regex(/^job-[0-9a-hjkmnp-tv-z]{26}$/)
export type JobId = z.infer<typeof jobIdSchema>

/** Weighted progress of the whole job, with a plain sentence for the step under way. */
export const progressSchema = z.object({ fraction: z.number().min(0).max(1), sentence: z.string() })
export type Progress = z.infer<typeof progressSchema>

/** What launch confirms: inside it Sublet fails over by itself, above it asks. */
export const ceilingSchema = z.object({
  microsPerHour: microsSchema,
  micros: microsSchema,
  endBy: z.int(),
})
export type Ceiling = z.infer<typeof ceilingSchema>

/** Why a job was told to stop, and whether its results are dropped. */
const stopOrderSchema = z.object({
  reason: z.enum(['user', 'budget', 'duration', 'lease']),
  discard: z.boolean(),
  /** Which budget, and what was left of it; null where the reason says it all. */
  sentence: z.string().nullable(),
})

/** A job as lists show it. */
export const jobSummarySchema = z.object({
  id: jobIdSchema,
  name: z.string(),
  project: z.string().nullable(),
  state: jobStateSchema,
  progress: progressSchema,
  createdAt: z.int(),
  startedAt: z.int().nullable(),
  endedAt: z.int().nullable(),
  rentalId: rentalIdSchema.nullable(),
  offer: offerSchema.nullable(),
  /** Cost so far, or the final cost once `settled`. */
  costMicros: microsSchema,
  /** True once every rental of the job has its receipt. */
  settled: z.boolean(),
  /** When the machine is stopped at the latest. */
  endBy: z.int().nullable(),
  /** Which budget makes the machine end before the confirmed end; null when none does. */
  endBecause: z.string().nullable(),
  /** The job's own exit code. */
  exitCode: z.int().nullable(),
  /** Why it failed or was stopped; null while nothing is wrong. */
  error: wireErrorSchema.nullable(),
  outputDir: z.string(),
  ceiling: ceilingSchema,
  /** What was read back of its machine; null while there is none. */
  stopsByItself: z.boolean().nullable(),
  /** What finishing is expected to cost in all, and when; null before a machine is chosen. */
  expected: z
    .object({
      micros: microsSchema,
      endsAt: z.int(),
      /** False where nothing says how long it runs, so that the figures are an assumption. */
      known: z.boolean(),
    })
    .nullable(),
  /** `RTX 4090 · Sandbox, eu-central`; null before a machine is chosen. */
  machine: z.string().nullable(),
  /** Set from the order to stop on. */
  stop: stopOrderSchema.nullable(),
})
export type JobSummary = z.infer<typeof jobSummarySchema>

export const timelineEntrySchema = z.object({
  at: z.int(),
  /** Null while it lasts. */
  until: z.int().nullable(),
  state: jobStateSchema,
  sentence: z.string(),
})
export type TimelineEntry = z.infer<typeof timelineEntrySchema>

export const costPartSchema = z.object({
  part: z.enum(['compute', 'storage', 'egress']),
  micros: microsSchema,
  because: z.string(),
})
/** What finishing costs on one offer, low to high, with the reasons. */
export const estimateSchema = z.object({
  lowMicros: microsSchema,
  expectedMicros: microsSchema,
  highMicros: microsSchema,
  expectedDurationMs: z.int(),
  /** Whether it rests on an earlier run; absent in what older versions wrote. */
  runKnown: z.boolean().exactOptional(),
  /** How much its results were expected to be; absent in what older versions wrote. */
  results: z
    .object({ bytes: z.int().nonnegative(), sizeFrom: collectionSchema.shape.sizeFrom })
    .exactOptional(),
  parts: z.array(costPartSchema),
  reasons: z.array(z.string()),
})
export type Estimate = z.infer<typeof estimateSchema>

/** How the time of a job was spent, for the timeline and the bill. */
export const overheadSchema = z.object({
  reachableToStartedMs: z.int().nullable(),
  verifiedToReleaseMs: z.int().nullable(),
  usefulMs: z.int().nullable(),
  billedMs: z.int().nullable(),
})

export const outputsReportSchema = z.object({
  files: z.int(),
  bytes: z.int(),
  verified: z.boolean(),
  warnings: z.array(z.string()),
})
export type OutputsReport = z.infer<typeof outputsReportSchema>

/** Everything `sublet show` and the job page say. */
export const jobDetailSchema = z.object({
  summary: jobSummarySchema,
  spec: jobSpecSchema,
  ceiling: ceilingSchema,
  estimate: estimateSchema.nullable(),
  verdict: stopVerdictSchema.nullable(),
  timeline: z.array(timelineEntrySchema),
  attempts: z.array(
    z.object({
      id: z.string(),
      rentalId: rentalIdSchema.nullable(),
      offerId: z.string().nullable(),
      startedAt: z.int(),
      exitCode: z.int().nullable(),
      gpuIndices: z.array(z.int()).nullable(),
    }),
  ),
  overhead: overheadSchema,
  outputs: outputsReportSchema.nullable(),
  receipts: z.array(receiptSchema),
  warnings: z.array(z.string()),
  /** The job whose frozen inputs this one runs again. */
  inputsOf: jobIdSchema.nullable(),
  /** What is still to come home, from where it stands now; null without a machine. */
  collection: collectionSchema.nullable(),
})
export type JobDetail = z.infer<typeof jobDetailSchema>

const excludedSchema = z.object({ path: z.string(), bytes: z.int(), why: z.string() })

/** What Sublet understood of a request, read from this computer alone. */
export const understandingSchema = z.object({
  spec: jobSpecSchema,
  /** One sentence each: entry point, data, environment, torchrun … */
  understood: z.array(z.string()),
  warnings: z.array(z.string()),
  /** The work folder first, then the data in order; a file alone counts as one file. */
  inputs: z.array(
    z.object({
      kind: z.enum(['code', 'data']),
      path: z.string(),
      /** Below SUBLET_DATA; the work folder's own name for code. */
      name: z.string(),
      files: z.int(),
      bytes: z.int(),
    }),
  ),
  uploadBytes: z.int(),
  /** Left behind by ignore rules, the largest first; at most a few hundred. */
  excluded: z.array(excludedSchema),
  /** All that is left behind, also what `excluded` has no room for. */
  excludedBytes: z.int(),
})
export type Understanding = z.infer<typeof understandingSchema>

/** One way to run the job: what finishing costs there, and whether it ends by itself. */
export const runOptionSchema = z.object({
  offer: offerSchema,
  estimate: estimateSchema,
  collection: collectionSchema,
  stopsByItself: z.boolean(),
  /** Why it does or does not, in plain sentences. */
  stopsBecause: z.string(),
})
export type RunOption = z.infer<typeof runOptionSchema>

/** What Sublet understood of a request and would do, before anything is rented. */
export const proposalSchema = z.object({
  spec: jobSpecSchema,
  /** One sentence each: entry point, data, environment, torchrun … */
  understood: z.array(z.string()),
  warnings: z.array(z.string()),
  /** Left behind by ignore rules, when over 1 MB in all. */
  excluded: z.array(excludedSchema),
  uploadBytes: z.int(),
  /** The best ways to run it, in order; the chosen one is among them. */
  options: z.array(runOptionSchema),
  /** How many offers fit and can be had, `options` included. */
  offersTotal: z.int(),
  /** The offer that ceiling, estimate and verdict are for: the wanted one, else the best. */
  chosenOfferId: z.string(),
  /** Why the wanted offer was not taken; null when it was, or when none was wanted. */
  wantedProblem: z.string().nullable(),
  /** One per account asked: fine, or why its offers are missing. */
  sources: z.array(offerSourceSchema),
  /** How many earlier runs the expected time rests on. */
  earlierRuns: z.int(),
  /** Best first; never empty. */
  offers: z.array(offerSchema).min(1),
  estimate: estimateSchema,
  /** What bringing the results home from the best offer takes; part of the estimate. */
  collection: collectionSchema,
  ceiling: ceilingSchema,
  /** The budget of a day or month that ends it before `ceiling.endBy`; null when none does. */
  budgetLimit: budgetLimitSchema.nullable(),
  /** What the lease will be able to promise on the best offer. */
  verdict: stopVerdictSchema,
  /** A kept-warm machine that fits, used first. */
  warm: z.object({ rentalId: rentalIdSchema, gpu: gpuSchema.nullable() }).nullable(),
})
export type Proposal = z.infer<typeof proposalSchema>

/** One second on the machine. Absent figures are null; nothing is invented. */
export const metricsSampleSchema = z.object({
  at: z.int(),
  cpuPercent: z.number().nullable(),
  memoryUsedMib: z.number().nullable(),
  memoryTotalMib: z.number().nullable(),
  diskUsedMib: z.number().nullable(),
  diskTotalMib: z.number().nullable(),
  networkReceivedBytes: z.number().nullable(),
  networkSentBytes: z.number().nullable(),
  /** Counters of all whole disks; null in samples of older supervisors. */
  diskReadBytes: z.number().nullable().default(null),
  diskWrittenBytes: z.number().nullable().default(null),
  /** The size of the attempt's log at that second: it tells when each line was written. */
  logBytes: z.number().nullable().default(null),
  gpus: z.array(
    z.object({
      index: z.int(),
      utilisationPercent: z.number().nullable(),
      memoryUsedMib: z.number().nullable(),
      memoryTotalMib: z.number().nullable(),
      powerWatt: z.number().nullable(),
      temperatureC: z.number().nullable(),
    }),
  ),
})
export type MetricsSample = z.infer<typeof metricsSampleSchema>
