import { z } from 'zod'
import { wireErrorSchema } from '../../../preload/contract/errors.ts'
import { jobSpecSchema } from '../../../preload/contract/job-spec.ts'
import { ceilingSchema } from '../../../preload/contract/ceiling.ts'
import { estimateSchema } from '../../../preload/contract/estimate.ts'
import { outputsReportSchema } from '../../../preload/contract/job.ts'
import { jobIdSchema } from '../../../preload/contract/job-state.ts'
import { microsSchema } from '../../../preload/contract/money.ts'
import { offerSchema } from '../../../preload/contract/offer.ts'
import { rentalIdSchema, stopVerdictSchema } from '../../../preload/contract/rental.ts'

/** The parts of an attempt, in the order in which its plan lists them. */
export const steps = ['launch', 'boot', 'connect', 'stage', 'run', 'collect', 'release'] as const
export const stepSchema = z.enum(steps)
export type Step = z.infer<typeof stepSchema>

/** Why a job was told to stop; decides the exit code of `sublet run`. */
export const stopReasonSchema = z.enum(['user', 'budget', 'duration', 'lease'])
export type StopReason = z.infer<typeof stopReasonSchema>

const attempt = { attemptId: z.string() }

/** What an extension moves: the ceiling, the limits that would end the job before, the lease. */
export const termsSchema = z.object({
  ceiling: ceilingSchema,
  budgetMicros: microsSchema.nullable(),
  maxDurationMs: z.int().positive().nullable(),
  /** When the rental ends; without a rental, the ceiling's end. */
  endBy: z.int(),
})
export type Terms = z.infer<typeof termsSchema>

/**
 * Everything that can happen to a job, as the journal keeps it. A changed shape raises the version
 * of its kind and adds an upcaster (`upcasters.ts`); rows are never rewritten.
 */
export const jobEventSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('submitted'),
    spec: jobSpecSchema,
    ceiling: ceilingSchema,
    acceptsNoLease: z.boolean(),
    /** Runs the inputs that were frozen for this job. */
    inputsOf: jobIdSchema.exactOptional(),
  }),
  z.object({
    kind: z.literal('inputs-frozen'),
    bytes: z.int(),
    files: z.int(),
    warnings: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('attempt-started'),
    ...attempt,
    rentalId: rentalIdSchema,
    offer: offerSchema,
    plan: z.array(stepSchema),
    estimate: estimateSchema,
    /** A warm rental serves this attempt. */
    warm: z.boolean(),
    because: z.string(),
  }),
  z.object({ kind: z.literal('launched'), ...attempt, instanceId: z.string() }),
  z.object({ kind: z.literal('booted'), ...attempt }),
  z.object({
    kind: z.literal('connected'),
    ...attempt,
    verdict: stopVerdictSchema,
    hostKeyFingerprint: z.string(),
    gpuIndices: z.array(z.int()).nullable(),
    warnings: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('staged'),
    ...attempt,
    bytesSent: z.int(),
    bytesSkipped: z.int(),
    /** The machine's clock when the inputs were in place: later changes are the job's. */
    completeAtS: z.int(),
  }),
  z.object({ kind: z.literal('started'), ...attempt }),
  z.object({
    kind: z.literal('exited'),
    ...attempt,
    /** Null when the job was killed by a signal. */
    exitCode: z.int().nullable(),
    /** True when the set-up failed, before the user's own command ran. */
    inSetup: z.boolean(),
    sentence: z.string(),
  }),
  z.object({
    kind: z.literal('collected'),
    ...attempt,
    report: outputsReportSchema,
    /** Absent when they are home: then they wait in the bucket, verified, and the machine may go. */
    where: z.literal('bucket').exactOptional(),
  }),
  /** What waited in the bucket is home and verified. */
  z.object({ kind: z.literal('came-home'), ...attempt, report: outputsReportSchema }),
  z.object({ kind: z.literal('release-called'), ...attempt, keptWarmUntil: z.int().nullable() }),
  /** This offer said no before anything ran; the next one is tried. */
  z.object({
    kind: z.literal('refused'),
    ...attempt,
    error: wireErrorSchema,
    /** What was refused and what is left out for it; older rows have none. */
    because: z.string().exactOptional(),
  }),
  /** The machine was lost or taken away; another one is tried while retries last. */
  z.object({ kind: z.literal('interrupted'), ...attempt, sentence: z.string() }),
  z.object({
    kind: z.literal('stop-requested'),
    reason: stopReasonSchema,
    discard: z.boolean(),
    /** Which budget is used up, and what was left of it; absent where the reason says it all. */
    sentence: z.string().exactOptional(),
  }),
  /** The user moved the end. The rental's `lease-moved` is in the same append. */
  z.object({ kind: z.literal('extended'), terms: termsSchema, before: termsSchema }),
  /** What would end the machine cannot be moved so far: all is as it was before. */
  z.object({ kind: z.literal('extension-refused'), before: termsSchema, sentence: z.string() }),
  /** Nothing that Sublet may do by itself can bring the job further. */
  z.object({ kind: z.literal('gave-up'), error: wireErrorSchema }),
  /** The user's `after` steps have run, or failed with the sentence; they are not run twice. */
  z.object({ kind: z.literal('after-ran'), failure: z.string().nullable() }),
  z.object({ kind: z.literal('warned'), sentence: z.string() }),
  z.object({ kind: z.literal('ended'), outcome: z.enum(['done', 'failed', 'cancelled']) }),
])
export type JobEvent = z.infer<typeof jobEventSchema>
export type JobEventOf<K extends JobEvent['kind']> = Extract<JobEvent, { kind: K }>
