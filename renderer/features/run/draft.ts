import type { ResultsWay } from '../../../preload/contract/bucket.ts'
import type { JobFile } from '../../../preload/contract/job-file.ts'

export interface DraftData {
  readonly path: string
  /** Its name below SUBLET_DATA; empty for the file's own. */
  readonly name: string
}

export interface DraftVariable {
  readonly name: string
  readonly value: string
}

export type SpotChoice = 'never' | 'allowed' | 'only'
export type CheckpointSignal = 'USR1' | 'USR2' | 'INT' | 'TERM'

/** The form as it is typed: texts stay as written until they are read. Empty means unsaid. */
export interface Draft {
  /** Where relative paths start and local steps run; empty until something is chosen. */
  readonly baseDir: string
  /** The file or folder to run. */
  readonly script: string
  /** The work folder where the user chose one; empty where the script shows it. */
  readonly code: string
  readonly command: string
  readonly args: string
  readonly data: readonly DraftData[]
  readonly name: string
  readonly project: string
  /** A model, a memory size (`≥ 24 GB`), both, or `none`. */
  readonly gpu: string
  readonly gpus: string
  readonly spot: SpotChoice
  readonly budget: string
  readonly maxDuration: string
  readonly maxPrice: string
  readonly region: string
  readonly provider: string
  readonly disk: string
  /** 0 the cheapest, 1 the fastest. */
  readonly preferFast: number
  readonly output: string
  /** Which way results come home. */
  readonly results: ResultsWay
  /** Globs, a line each, like the three below. */
  readonly outputs: string
  readonly image: string
  readonly setup: string
  readonly before: string
  readonly after: string
  readonly env: readonly DraftVariable[]
  readonly secrets: readonly string[]
  readonly keepWarm: string
  readonly grace: string
  readonly afterExit: string
  readonly retries: string
  readonly checkpoint: CheckpointSignal | ''
  /** The offer that the user chose; empty for the best one. */
  readonly wantedOfferId: string
  /** Keys of an opened job file that the form has no field for. */
  readonly kept: Pick<
    JobFile,
    'tags' | 'account' | 'host' | 'arch' | 'machineType' | 'mirror' | 'outputSize'
  >
}

export const emptyDraft: Draft = {
  baseDir: '',
  script: '',
  code: '',
  command: '',
  args: '',
  data: [],
  name: '',
  project: '',
  gpu: '',
  gpus: '',
  spot: 'never',
  budget: '',
  maxDuration: '',
  maxPrice: '',
  region: '',
  provider: '',
  disk: '',
  preferFast: 0,
  output: '',
  results: 'home',
  outputs: '',
  image: '',
  setup: '',
  before: '',
  after: '',
  env: [],
  secrets: [],
  keepWarm: '',
  grace: '',
  afterExit: '',
  retries: '',
  checkpoint: '',
  wantedOfferId: '',
  kept: {},
}

/** Whether there is anything to run yet. */
export function hasWork(draft: Draft): boolean {
  return draft.script.trim() !== '' || draft.command.trim() !== ''
}
