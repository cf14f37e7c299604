import { z } from 'zod'
import { jobFileSchema } from '../job-file.ts'
import { jobSpecSchema } from '../job-spec.ts'
import {
  proposalSchema,
  understandingSchema,
  ceilingSchema,
  jobSummarySchema,
  jobDetailSchema,
  jobIdSchema,
  metricsSampleSchema,
} from '../job.ts'
import { call, stream } from '../procedure.ts'
import { nothing, jobRef, clientEnvironment, bytes } from './common.ts'

/** The procedures about jobs. */
export const jobsService = {
  /** Understands a request from what is on this computer alone: quick, and without any price. */
  understand: call(z.object({ file: jobFileSchema, baseDir: z.string() }), understandingSchema),
  /** Understands a request, finds offers, prices it; rents nothing. */
  propose: call(
    z.object({
      file: jobFileSchema,
      baseDir: z.string(),
      environment: clientEnvironment,
      /** How many `options` to answer at most; 8 when absent. */
      shown: z.int().min(1).max(50).optional(),
      /** The offer that the user chose, by its id: the job is then bound to that machine type. */
      wantedOfferId: z.string().optional(),
    }),
    proposalSchema,
  ),
  /** Journals the job and answers once its inputs are frozen. */
  submit: call(
    z.object({
      spec: jobSpecSchema,
      ceiling: ceilingSchema,
      /** The user's yes to a machine that would not stop by itself. */
      acceptsNoLease: z.boolean(),
      environment: clientEnvironment,
    }),
    jobRef,
  ),
  list: call(nothing, z.array(jobSummarySchema)),
  show: call(jobRef, jobDetailSchema),
  /** Collects what is there, then releases. `discard` releases without collecting. */
  stop: call(z.object({ jobId: jobIdSchema, discard: z.boolean() }), nothing),
  stopAll: call(z.object({ discard: z.boolean() }), z.object({ jobs: z.int(), rentals: z.int() })),
  /** How the system's ssh reaches the job's machine. */
  ssh: call(
    jobRef,
    z.object({
      host: z.string(),
      port: z.int(),
      user: z.string(),
      identityFile: z.string().nullable(),
      knownHostsFile: z.string(),
      jumps: z.array(z.string()),
      workDir: z.string(),
    }),
  ),
  /** Opens a local port on 127.0.0.1 that leads to a port on the machine, while the stream lives. */
  forward: stream(
    z.object({ jobId: jobIdSchema, port: z.int().min(1).max(65535) }),
    z.object({ localPort: z.int() }),
    z.object({ sentence: z.string() }),
  ),
  watch: stream(
    z.object({ jobId: jobIdSchema.optional() }),
    z.array(jobSummarySchema),
    jobSummarySchema,
  ),
  /** The job's log, all attempts in order, from a byte offset; ends with the job unless `follow` is false. */
  log: stream(
    z.object({ jobId: jobIdSchema, offset: z.int().nonnegative(), follow: z.boolean() }),
    z.object({ sizeBytes: z.int() }),
    z.object({ offset: z.int(), bytes }),
  ),
  metrics: stream(
    z.object({ jobId: jobIdSchema, fromAt: z.int(), follow: z.boolean() }),
    nothing,
    z.array(metricsSampleSchema),
  ),
} as const
