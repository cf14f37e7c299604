import { z } from 'zod'
import { ceilingSchema } from './ceiling.ts'
import { collectionSchema } from './collection.ts'
import { wireErrorSchema } from './errors.ts'
import { estimateSchema } from './estimate.ts'
import { jobSpecSchema } from './job-spec.ts'
import { jobIdSchema, jobStateSchema } from './job-state.ts'
import { microsSchema } from './money.ts'
import { offerSchema } from './offer.ts'
import { hostKeySchema, receiptSchema, rentalIdSchema, stopVerdictSchema } from './rental.ts'

/** Weighted progress of the whole job, with a plain sentence for the step under way. */
export const progressSchema = z.object({ fraction: z.number().min(0).max(1), sentence: z.string() })
export type Progress = z.infer<typeof progressSchema>

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
  /** Of its last machine; null before the first contact. */
  hostKey: hostKeySchema.nullable(),
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
