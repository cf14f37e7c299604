import type { TransferWarning } from './manifest.ts'
import type { MirrorState } from './mirror-state.ts'
import type { PathBytes } from './path-bytes.ts'
import type { OnProgress } from './progress.ts'
import type { RemoteEntry } from './remote-stat.ts'

/** One thing on the machine that should come home. */
export interface RemoteItem {
  /** The remote folder that `entry.path` is relative to. */
  readonly root: string
  readonly entry: RemoteEntry
  /** Its path in the output folder, before mapping to what the file system can hold. */
  readonly path: PathBytes
  /** Where the job wrote it, so that a later attempt finds it there; absent for other transfers. */
  readonly source?: ItemSource
  /**
   * Fetched by a second name of the file that holds this version. Its change time then moves with
   * names that come and go, and says nothing about the content.
   */
  readonly pinned?: true
}

/** A place of the job's on the machine: below SUBLET_OUTPUT or below the work folder. */
export interface ItemSource {
  readonly from: 'output' | 'work'
  readonly path: PathBytes
}

/** A file's content as fetched, waiting under a temporary name. */
export interface Fetched {
  readonly item: RemoteItem
  readonly temp: string
  readonly sha256: string
  /** What an earlier attempt had brought already. */
  readonly resumedBytes: number
  /** The machine's hash, where it was asked while the content travelled. */
  readonly remoteSha256?: string
}

export interface ReceiveOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: OnProgress
  /** Remember what was written, so that a later pass may replace it. Lives outside the output folder. */
  readonly state: MirrorState
  /** Compare every file with the machine's hash; for the pass that comes before teardown. */
  readonly verify: boolean
  readonly parallel?: number
  /** All paths of the tree, where only a part of it is fetched: they decide on names here. */
  readonly among?: readonly PathBytes[]
  /** Nothing gets its name unless everything has come as it was listed: for sets of files. */
  readonly wholeOnly?: boolean
  /** The files may grow meanwhile; what comes is their beginning of the listed size. */
  readonly growing?: boolean
}

export interface ReceivedFile {
  readonly path: PathBytes
  /** Where it lies in the output folder; differs from `path` when the name was taken or impossible. */
  readonly local: PathBytes
  readonly size: number
  readonly sha256: string
}

export interface ReceiveReport {
  /** Everything selected that is now at home, whether it came in this pass or an earlier one. */
  readonly files: readonly ReceivedFile[]
  readonly filesReceived: number
  /** What travelled in this call; what an earlier attempt had brought is not counted. */
  readonly bytesReceived: number
  readonly filesSkipped: number
  readonly bytesSkipped: number
  /** Files that changed while they were copied; their predecessors were kept. */
  readonly stillChanging: readonly PathBytes[]
  /** Every selected file at home has the machine's hash; false also for passes that do not verify. */
  readonly verified: boolean
  readonly renamed: readonly { readonly path: PathBytes; readonly local: PathBytes }[]
  readonly warnings: readonly TransferWarning[]
  readonly durationMs: number
}
