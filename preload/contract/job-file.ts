import { z } from 'zod'
import { resultsWaySchema } from './bucket.ts'

const duration = z
  .union([z.string().regex(/^(\d+(\.\d+)?(d|h|m|s))+$/), z.literal(0), z.literal('0')])
  .describe('A duration: 90s, 30m, 2h, 1d or 1h30m; 0 turns it off.')
const usd = z.union([z.number().nonnegative(), z.string().regex(/^\$?\d+(\.\d{1,6})?$/)])
const size = z
  .union([z.int().nonnegative(), z.string().regex(/^\d+(\.\d+)?\s*([kmgtKMGT]?i?[bB])?$/)])
  .describe('A size: 500MB, 12GB, 1.5TB.')
const lines = z.union([z.string(), z.array(z.string())])
const dataItem = z.union([
  z.string(),
  z.strictObject({
    path: z.string().min(1),
    name: z
      .string()
      .regex(/^(?!\.{1,2}$)[^/\\\0]{1,200}$/)
      .describe('Its name below SUBLET_DATA.'),
  }),
])

/**
 * `sublet.yaml`, as a user writes it. Flags of `sublet run` set the same keys and win over the file.
 * `resources/sublet.schema.json` is generated from this.
 */
export const jobFileSchema = z.strictObject({
  name: z.string().min(1).max(200).optional().describe('What the job is called in lists.'),
  project: z.string().min(1).optional().describe('Groups jobs in the ledger.'),
  tags: z.record(z.string(), z.string()).optional(),
  script: z.string().optional().describe('A script, notebook, executable or folder to run.'),
  command: z.string().optional().describe('The command line, when it is not just the script.'),
  args: z.array(z.string()).optional().describe('Arguments for the script.'),
  code: z
    .string()
    .optional()
    .describe(
      'Folder that travels as the work folder, or the script itself when it travels alone. Default: found from the script.',
    ),
  data: z
    .union([z.string(), z.array(dataItem)])
    .optional()
    .describe('Files and folders that the job reads, below SUBLET_DATA.'),
  output: z
    .string()
    .optional()
    .describe('Local folder for results. Default: sublet-output/<name>.'),
  outputSize: size
    .optional()
    .describe('How much the results will be, to price bringing them home. Default: as last time.'),
  results: resultsWaySchema
    .optional()
    .describe(
      'home: straight from the machine; bucket: by way of the bucket (sublet bucket set), so that the machine can go first; auto: the bucket when home would take over 30 minutes. Default home.',
    ),
  mirror: z
    .union([
      z.enum(['on', 'off']),
      z.strictObject({
        every: duration.optional(),
        maxBytes: size.optional(),
        maxCost: usd.optional(),
      }),
    ])
    .optional()
    .describe(
      'Copies of the results home while the job runs: off, or how often, how much at a time, and for how much traffic money in all. Default: as in Settings.',
    ),
  outputs: z.array(z.string()).optional().describe('Globs in the work folder that come home too.'),
  setup: lines
    .optional()
    .describe('Commands on the machine before the job, remembered by content.'),
  before: lines.optional().describe('Commands on this computer before inputs are frozen.'),
  after: lines.optional().describe('Commands on this computer after the results are home.'),
  image: z.string().optional().describe('Container image to run in.'),
  provider: z.string().optional(),
  account: z.string().optional(),
  host: z.string().optional().describe('The name of an own host (sublet hosts add).'),
  region: z.string().optional(),
  machineType: z.string().optional().describe('Exactly this machine type of the provider.'),
  gpu: z.string().optional().describe('GPU model, for example H100 or "RTX 4090".'),
  minVram: z.number().positive().optional().describe('Least memory of one GPU, in GiB.'),
  gpus: z.int().min(0).max(64).optional().describe('GPUs in the machine; 0: none needed.'),
  arch: z.enum(['x86_64', 'arm64']).optional(),
  disk: z.number().positive().optional().describe('Least free disk, in GiB.'),
  spot: z
    .union([z.boolean(), z.literal('allowed')])
    .optional()
    .describe('true: only machines that may be reclaimed; allowed: those too. Default false.'),
  preferFast: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('0 takes the cheapest way to finish, 1 the fastest. Default 0.'),
  maxPrice: usd.optional().describe('Most that the machine may cost per hour, in USD.'),
  budget: usd.optional().describe('Most that the job may cost, in USD.'),
  maxDuration: duration.optional(),
  keepWarm: duration.optional().describe('Keep the machine this long for the next job.'),
  afterExit: duration.optional().describe('Hold uncollected results this long. Default 2h.'),
  grace: duration.optional().describe('Time between TERM and KILL. Default 30s.'),
  env: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  secrets: z.array(z.string()).optional().describe('Names of secrets (sublet secrets set).'),
  checkpoint: z
    .strictObject({ signal: z.enum(['USR1', 'USR2', 'INT', 'TERM']) })
    .optional()
    .describe('Signal that makes the job write a checkpoint.'),
  retries: z.int().min(0).max(20).optional().describe('Restarts after an interruption. Default 3.'),
})
export type JobFile = z.infer<typeof jobFileSchema>
