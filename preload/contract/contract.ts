import { z } from 'zod'
import * as account from './account.ts'
import { jobFileSchema } from './job-file.ts'
import * as job from './job.ts'
import { jobSpecSchema } from './job-spec.ts'
import { ledgerEntrySchema } from './ledger.ts'
import { microsSchema } from './money.ts'
import { offerQuerySchema, offerSchema } from './offer.ts'
import { call, stream } from './procedure.ts'
import { billableSchema, rentalIdSchema } from './rental.ts'

/**
 * Rises with every change that an older peer could not understand. A newer client drains and
 * replaces an older engine; an older client is told to update.
 */
export const contractVersion = 1

const nothing = z.object({})
const jobRef = z.object({ jobId: job.jobIdSchema })
/** What of the client's environment a request may use: credential variables, SSH_AUTH_SOCK, and shell variables for local steps. */
const clientEnvironment = z.record(z.string(), z.string())
const bytes = z.base64()

/** Every procedure of the engine, grouped by service. Hosts, mocks and docs derive from it. */
export const contract = {
  system: {
    status: call(
      nothing,
      z.object({
        version: z.string(),
        pid: z.int(),
        homeId: z.string(),
        homeDir: z.string(),
        startedAt: z.int(),
        activeJobs: z.int(),
        rentalsWithoutReceipt: z.int(),
        burnMicrosPerHour: microsSchema,
        keychain: account.keychainStateSchema,
      }),
    ),
    /** Stops taking work and leaves once idle; at once when `force`. Jobs go on after a restart. */
    shutdown: call(z.object({ force: z.boolean() }), nothing),
    doctor: call(
      z.object({ environment: clientEnvironment }),
      z.object({
        checks: z.array(z.object({ name: z.string(), ok: z.boolean(), sentence: z.string() })),
      }),
    ),
  },
  jobs: {
    /** Understands a request, finds offers, prices it; rents nothing. */
    propose: call(
      z.object({ file: jobFileSchema, baseDir: z.string(), environment: clientEnvironment }),
      job.proposalSchema,
    ),
    /** Journals the job and answers once its inputs are frozen. */
    submit: call(
      z.object({
        spec: jobSpecSchema,
        ceiling: job.ceilingSchema,
        /** The user's yes to a machine that would not stop by itself. */
        acceptsNoLease: z.boolean(),
        environment: clientEnvironment,
      }),
      jobRef,
    ),
    list: call(nothing, z.array(job.jobSummarySchema)),
    show: call(jobRef, job.jobDetailSchema),
    /** Collects what is there, then releases. `discard` releases without collecting. */
    stop: call(z.object({ jobId: job.jobIdSchema, discard: z.boolean() }), nothing),
    stopAll: call(
      z.object({ discard: z.boolean() }),
      z.object({ jobs: z.int(), rentals: z.int() }),
    ),
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
      z.object({ jobId: job.jobIdSchema, port: z.int().min(1).max(65535) }),
      z.object({ localPort: z.int() }),
      z.object({ sentence: z.string() }),
    ),
    watch: stream(
      z.object({ jobId: job.jobIdSchema.optional() }),
      z.array(job.jobSummarySchema),
      job.jobSummarySchema,
    ),
    /** The job's log, all attempts in order, from a byte offset; ends with the job unless `follow` is false. */
    log: stream(
      z.object({ jobId: job.jobIdSchema, offset: z.int().nonnegative(), follow: z.boolean() }),
      z.object({ sizeBytes: z.int() }),
      z.object({ offset: z.int(), bytes }),
    ),
    metrics: stream(
      z.object({ jobId: job.jobIdSchema, fromAt: z.int(), follow: z.boolean() }),
      nothing,
      z.array(job.metricsSampleSchema),
    ),
  },
  offers: {
    list: call(
      z.object({ query: offerQuerySchema, environment: clientEnvironment }),
      z.object({
        offers: z.array(offerSchema),
        /** One per account asked: fine, or why its offers are missing. */
        sources: z.array(
          z.object({
            providerId: z.string(),
            accountId: z.string(),
            ok: z.boolean(),
            sentence: z.string(),
            dropped: z.int(),
          }),
        ),
      }),
    ),
  },
  instances: {
    list: call(
      z.object({ environment: clientEnvironment }),
      z.object({
        billables: z.array(
          billableSchema.extend({ ours: z.boolean(), jobId: job.jobIdSchema.nullable() }),
        ),
        problems: z.array(z.string()),
      }),
    ),
    release: call(z.object({ rentalId: rentalIdSchema }), nothing),
  },
  ledger: {
    list: call(
      z.object({
        from: z.int().optional(),
        to: z.int().optional(),
        jobId: job.jobIdSchema.optional(),
      }),
      z.object({ entries: z.array(ledgerEntrySchema), totalMicros: microsSchema }),
    ),
  },
  accounts: {
    providers: call(
      nothing,
      z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          simulated: z.boolean(),
          fields: z.array(
            z.object({
              name: z.string(),
              label: z.string(),
              secret: z.boolean(),
              help: z.string(),
              link: z.string().nullable(),
              environmentVariable: z.string().nullable(),
            }),
          ),
        }),
      ),
    ),
    list: call(nothing, z.array(account.accountSummarySchema)),
    add: call(
      z.object({
        providerId: z.string(),
        name: z.string(),
        values: z.record(z.string(), z.string()),
      }),
      account.accountStatusSchema.extend({ accountId: z.string() }),
    ),
    check: call(
      z.object({ accountId: z.string(), environment: clientEnvironment }),
      account.accountStatusSchema,
    ),
    /** Refused with `conflict` while the account has rentals without receipt. */
    remove: call(z.object({ accountId: z.string() }), nothing),
  },
  hosts: {
    /** Reads the host's keys, so that the user can compare fingerprints before trusting. */
    scan: call(
      z.object({
        target: z.string(),
        keyFile: z.string().nullable(),
        environment: clientEnvironment,
      }),
      z.object({
        address: z.string(),
        user: z.string(),
        port: z.int(),
        keys: z.array(account.hostKeySchema),
      }),
    ),
    add: call(
      z.object({
        name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/),
        target: z.string(),
        keyFile: z.string().nullable(),
        rateMicrosPerHour: microsSchema.nullable(),
        /** Keys that the user trusted. */
        trusted: z.array(account.hostKeySchema).min(1),
        environment: clientEnvironment,
      }),
      account.accountStatusSchema,
    ),
    list: call(nothing, z.array(account.hostSummarySchema)),
    check: call(
      z.object({ name: z.string(), environment: clientEnvironment }),
      account.accountStatusSchema,
    ),
    remove: call(z.object({ name: z.string() }), nothing),
  },
  secrets: {
    set: call(
      z.object({ name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), value: z.string().min(1) }),
      account.keychainStateSchema,
    ),
    list: call(nothing, z.array(account.secretSummarySchema)),
    remove: call(z.object({ name: z.string() }), nothing),
  },
  sandbox: {
    status: call(
      nothing,
      z.object({ running: z.boolean(), machines: z.int(), billedMicros: microsSchema }),
    ),
    /** Refused with `conflict` while machines are rented there, unless `force`. */
    stop: call(z.object({ force: z.boolean() }), nothing),
  },
} as const

export type Contract = typeof contract
