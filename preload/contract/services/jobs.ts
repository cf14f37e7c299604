import { z } from 'zod'
import { jobFileSchema } from '../job-file.ts'
import { jobSpecSchema } from '../job-spec.ts'
import { ceilingSchema } from '../ceiling.ts'
import { jobSummarySchema, jobDetailSchema } from '../job.ts'
import { jobIdSchema } from '../job-state.ts'
import { metricsSampleSchema } from '../metrics-sample.ts'
import { proposalSchema } from '../proposal.ts'
import { understandingSchema } from '../understanding.ts'
import {
  editorSchema,
  extendedSchema,
  extensionRequestSchema,
  extensionSchema,
  outputsSchema,
  stopPreviewSchema,
} from '../job-actions.ts'
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
  /** What stopping would bring: asks the machine how much is not home yet; changes nothing. */
  stopPreview: call(jobRef, stopPreviewSchema),
  /** What an extension would mean; changes nothing. Refused in words where it cannot be. */
  extension: call(extensionRequestSchema, extensionSchema),
  /**
   * Journals a later end, puts it on the machine and at the provider, and answers what both then
   * say. `unreachable`: it is journaled and put on the machine as soon as that answers.
   */
  extend: call(extensionRequestSchema, extendedSchema),
  /** Prices an ended job anew with the inputs that were frozen for it; rents nothing. */
  proposeAgain: call(
    z.object({ jobId: jobIdSchema, environment: clientEnvironment }),
    proposalSchema,
  ),
  /** Runs exactly what the job ran, into `outputDir`, under a ceiling that the user confirmed. */
  retry: call(
    z.object({
      jobId: jobIdSchema,
      outputDir: z.string(),
      ceiling: ceilingSchema,
      acceptsNoLease: z.boolean(),
      environment: clientEnvironment,
    }),
    jobRef,
  ),
  /** What has come home, now and after every change; ends with the job. */
  outputs: stream(
    z.object({ jobId: jobIdSchema, most: z.int().min(1).max(500) }),
    outputsSchema,
    outputsSchema,
  ),
  /**
   * Writes a host alias for the job's machine into Sublet's own SSH configuration.
   * `mayEditSshConfig` adds the one line to the user's that makes ssh read it.
   */
  editor: call(z.object({ jobId: jobIdSchema, mayEditSshConfig: z.boolean() }), editorSchema),
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
