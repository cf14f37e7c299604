import type { JobFile } from '../../../preload/contract/job-file.ts'
import type { Entry, JobSpec } from '../../../preload/contract/job-spec.ts'

/** What `understand` answers: the normalised job, and how it was read, a sentence each. */
export interface Understood {
  readonly spec: JobSpec
  readonly understood: readonly string[]
  readonly warnings: readonly string[]
}

export interface UnderstandRequest {
  readonly file: JobFile
  /** Absolute; relative paths in the file start here. */
  readonly baseDir: string
  readonly defaults?: Partial<UnderstandDefaults>
}

/** What holds where the user said nothing; durations in milliseconds. */
export interface UnderstandDefaults {
  readonly afterExitMs: number
  readonly graceMs: number
  /** Kept after a failure within the first minutes, unless the user chose a keep-warm time. */
  readonly keepWarmMs: number
  readonly retries: number
  /** These are the user's own defaults; null: no such default. */
  readonly budgetMicros: number | null
  readonly maxDurationMs: number | null
  readonly maxMicrosPerHour: number | null
  /** After every end, as if the job had asked for it. */
  readonly chosenKeepWarmMs: number | null
  /** Absolute: results go to a folder of the job's name in it; null: `sublet-output` beside the job. */
  readonly outputFolder: string | null
}

export const understandDefaults: UnderstandDefaults = {
  afterExitMs: 2 * 3_600_000,
  graceMs: 30_000,
  keepWarmMs: 10 * 60_000,
  retries: 3,
  budgetMicros: null,
  maxDurationMs: null,
  maxMicrosPerHour: null,
  chosenKeepWarmMs: null,
  outputFolder: null,
}

/** What the rest of the engine adds to the reading. */
export interface UnderstandHelpers {
  /** A launcher for several GPUs; null where the entry needs none. */
  readonly proposeTorchrun?: (
    entry: Entry,
    gpus: number,
  ) => { readonly entry: Entry; readonly sentence: string } | null
  /** Whether a job that has not ended writes there. */
  readonly isOutputTaken?: (folder: string) => boolean
  /** The account meant by `account:` or `host:`; unknown names fail with `not-found`. */
  readonly accountId?: (chosen: {
    readonly providerId: string | null
    readonly account: string | null
    readonly host: string | null
  }) => string | undefined | Promise<string | undefined>
}

/** The part of a reading that says what is started and from which folder. */
export interface Work {
  readonly entry: Entry
  readonly code: JobSpec['code']
  readonly understood: readonly string[]
  readonly warnings: readonly string[]
  /** Source text that may show whether a GPU is used; empty when nothing could be read. */
  readonly sources: readonly string[]
}
