import type { Machine } from '../../machine/machine.ts'
import { hashBeginning } from '../fetch-growing.ts'
import { listOutputs, type CollectFrom } from '../list-outputs.ts'
import type { MirrorState } from '../mirror-state.ts'
import type { PathBytes } from '../path-bytes.ts'
import { receiveItems, type LinkFacts } from '../receive.ts'
import { sinceRecorded } from '../receive-plan.ts'
import type { ReceiveOptions, RemoteItem } from '../receive-types.ts'
import { batchesOf } from './batches.ts'
import { takeCut } from './cut.ts'
import { Pins } from './pins.ts'
import type { HotFiles } from './rest.ts'
import { unitsOf, withinLimit, type Unit } from './units.ts'

export interface MirrorOptions {
  readonly state: MirrorState
  readonly signal: AbortSignal
  /** A folder of ours on the machine, on the file system of the outputs; made and removed here. */
  readonly pinDir: string
  /** Most that this pass may bring; null for no limit. */
  readonly maxBytes: number | null
  /** The machine goes soon: the newest checkpoint comes before all else, and nothing is waited for. */
  readonly hurried: boolean
  /** What earlier passes over this attempt have seen written without pause. */
  readonly hot: HotFiles
  /** Physical milliseconds. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  /** After each part that is home: bytes that travelled for it. */
  readonly onPart?: (bytes: number) => void
  /** Once all is listed, and a few times a second while it comes. */
  readonly onProgress?: (progress: MirrorProgress) => void
}

/** How far a pass is. */
export interface MirrorProgress {
  /** All results on the machine. */
  readonly totalBytes: number
  /** Of these, what is not home. */
  readonly missingBytes: number
  /** What has crossed the line for this pass. */
  readonly bytesTravelled: number
}

export interface MirrorReport {
  readonly bytesReceived: number
  readonly filesReceived: number
  /** Over the limit of this pass; superseded checkpoints are not counted. */
  readonly leftOut: { readonly files: number; readonly bytes: number }
  /** How many results there are, all in all. */
  readonly totalFiles: number
  readonly totalBytes: number
  /** Of these, what is not home as it was on the machine when the pass began. */
  readonly missingBytes: number
  /** Physical time of the fetching alone. */
  readonly receivingMs: number
}

/** So much comes in a few seconds, in whatever order. */
const QUICK_BYTES = 64 * 1024 * 1024
/** A growing file is small as a rule; a large one is more likely a checkpoint under way. */
const GROWING_UP_TO_BYTES = 256 * 1024 * 1024

/**
 * One pass of the mirror over a running job: brings home what is at rest and has changed since,
 * each part whole and in place before the next one begins. A set of files
 * (`step-100/`) comes together or not at all. Call again after any failure to go on.
 */
export async function mirrorPass(
  machine: Machine,
  from: CollectFrom,
  localDir: string,
  options: MirrorOptions,
): Promise<MirrorReport> {
  const { signal, state, hurried } = options
  const listed = await listOutputs(machine, from, signal)
  const files = listed.items.filter(({ entry }) => entry.kind === 'file')
  const total = files.reduce((sum, { entry }) => sum + entry.size, 0)
  const pins = new Pins(machine, options.pinDir)
  const isFresh = (item: RemoteItem): boolean => changeOf(state, item) === 'changed'
  const missing = files.filter(isFresh).reduce((sum, { entry }) => sum + entry.size, 0)
  const tell = (bytesTravelled: number): void =>
    options.onProgress?.({
      totalBytes: total,
      missingBytes: Math.max(0, missing - bytesTravelled),
      bytesTravelled,
    })
  const pass = new Pass(machine, localDir, listed.listing, files, options, tell)
  tell(0)
  try {
    const { whole, restless } = await takeCut(machine, from, listed, isFresh, pins, options)
    const { taken, left } = withinLimit(unitsOf(whole, hurried), options.maxBytes)
    // In the order in which they were written, so that a machine that vanishes meanwhile never
    // leaves a checkpoint without what came before it; the newest first where not all can come.
    const isShort = left.length > 0 || (hurried && bytesOf(taken) > QUICK_BYTES)
    const ordered = isShort ? taken : taken.toSorted((a, b) => a.newestS - b.newestS)
    for (const { items, wholeOnly } of batchesOf(ordered)) await pass.receive(items, { wholeOnly })
    await pass.receive(files.filter((item) => changeOf(state, item) === 'restamped'))
    await pass.receive(listed.items.filter(({ entry }) => entry.kind === 'symlink'))
    if (!hurried) await pass.growing(restless)
    const leftOut = left.filter(({ superseded }) => !superseded)
    return {
      bytesReceived: pass.bytes,
      filesReceived: pass.files,
      leftOut: {
        files: leftOut.reduce((sum, { items }) => sum + items.length, 0),
        bytes: bytesOf(leftOut),
      },
      totalFiles: files.length,
      totalBytes: total,
      missingBytes: files.filter(isFresh).reduce((sum, { entry }) => sum + entry.size, 0),
      receivingMs: pass.ms,
    }
  } finally {
    if (!signal.aborted) await pins.release(signal)
  }
}

function changeOf(state: MirrorState, { path, entry }: RemoteItem): string {
  if (entry.kind !== 'file') return 'none'
  const record = state.get(path)
  return record === undefined ? 'changed' : sinceRecorded(record, entry)
}

function bytesOf(units: readonly Unit[]): number {
  return units.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** The receiving half of a pass, with what it has brought. */
class Pass {
  bytes = 0
  files = 0
  ms = 0
  readonly #machine: Machine
  readonly #localDir: string
  readonly #link: LinkFacts
  readonly #among: readonly PathBytes[]
  readonly #options: MirrorOptions
  readonly #tell: (bytesTravelled: number) => void

  constructor(
    machine: Machine,
    localDir: string,
    link: LinkFacts,
    files: readonly RemoteItem[],
    options: MirrorOptions,
    tell: (bytesTravelled: number) => void,
  ) {
    this.#machine = machine
    this.#localDir = localDir
    this.#link = link
    this.#among = files.map(({ path }) => path)
    this.#options = options
    this.#tell = tell
  }

  async receive(items: readonly RemoteItem[], more: Partial<ReceiveOptions> = {}): Promise<void> {
    if (items.length === 0) return
    const { state, signal, onPart } = this.#options
    const report = await receiveItems(this.#machine, items, this.#localDir, this.#link, {
      state,
      signal,
      verify: false,
      among: this.#among,
      onProgress: ({ bytesTravelled }) => this.#tell(this.bytes + bytesTravelled),
      ...more,
    })
    this.bytes += report.bytesReceived
    this.files += report.filesReceived
    this.ms += report.durationMs
    onPart?.(report.bytesReceived)
  }

  /** How many of these, from the first on, the limit has room for. */
  fitting(items: readonly RemoteItem[]): number {
    let room = (this.#options.maxBytes ?? Number.POSITIVE_INFINITY) - this.bytes
    const over = items.findIndex(({ entry }) => (room -= entry.size) < 0)
    return over < 0 ? items.length : over
  }

  /**
   * Files that are written to without pause, where they only grow: their beginning comes home. A
   * file that is not home yet counts as one from the third pass on, so that no checkpoint under
   * way is taken for a log.
   */
  async growing(restless: readonly RemoteItem[]): Promise<void> {
    const { state, hot, signal } = this.#options
    hot.seen(restless.map(({ path }) => path))
    const grown: RemoteItem[] = []
    for (const item of restless.slice(0, this.fitting(restless))) {
      if (item.entry.size === 0 || item.entry.size > GROWING_UP_TO_BYTES) continue
      const record = state.get(item.path)
      if (record === undefined) {
        if (hot.isWithoutPause(item.path)) grown.push(item)
        continue
      }
      if (record.localSize >= item.entry.size) continue
      const beginning = await hashBeginning(this.#machine, item, record.localSize, signal)
      if (beginning === record.sha256) grown.push(item)
    }
    await this.receive(grown, { growing: true })
  }
}
