import type { Machine } from '../../machine/machine.ts'
import { hashBeginning } from '../fetch-growing.ts'
import { listOutputs, type CollectFrom } from '../list-outputs.ts'
import type { MirrorState } from '../mirror-state.ts'
import type { PathBytes } from '../path-bytes.ts'
import { receiveItems, type LinkFacts } from '../receive.ts'
import { sinceRecorded } from '../receive-plan.ts'
import type { ReceiveOptions, RemoteItem } from '../receive-types.ts'
import { batchesOf } from './batches.ts'
import { Pins } from './pins.ts'
import { sortByRest, SETTLING_S, type HotFiles } from './rest.ts'
import { unitsOf, withinLimit } from './units.ts'

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

/** A growing file is small as a rule; a large one is more likely a checkpoint under way. */
const GROWING_UP_TO_BYTES = 256 * 1024 * 1024

/**
 * One pass of the mirror over a running job: brings home what is at rest and has changed since,
 * newest checkpoint first, each part whole and in place before the next one begins. A set of files
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
  const { resting, hot } = sortByRest(listed.items, listed.listing.nowS, hurried)
  const pass = new Pass(machine, localDir, listed.listing, files, options)
  const pins = new Pins(machine, options.pinDir)
  try {
    const fresh = resting.filter((item) => changeOf(state, item) === 'changed')
    const { taken, left } = withinLimit(unitsOf(fresh, hurried), options.maxBytes)
    const pinnedHot = await pins.pin(hot, signal)
    const hotSinceMs = performance.now()
    for (const batch of batchesOf(taken)) {
      const pinned = await pins.pin(batch.items, signal)
      // Replaced since it was listed: the new version gets its own rest first.
      const same = pinned.filter((item, at) => sameVersion(item, batch.items[at]))
      if (batch.isSet && same.length < pinned.length) continue
      await pass.receive(same, batch.isSet ? { wholeOnly: true } : {})
    }
    await pass.receive(resting.filter((item) => changeOf(state, item) === 'restamped'))
    await pass.receive(listed.items.filter(({ entry }) => entry.kind === 'symlink'))
    const ofHot = hot.length === 0 ? [] : await quietNow(pins, pinnedHot, hotSinceMs, options)
    await pass.receive(ofHot.slice(0, pass.fitting(ofHot)))
    const restless = hot.filter(({ path }) => !ofHot.some((item) => item.path === path))
    if (!hurried) await pass.growing(restless)
    const leftOut = left.filter(({ superseded }) => !superseded)
    return {
      bytesReceived: pass.bytes,
      filesReceived: pass.files,
      leftOut: {
        files: leftOut.reduce((sum, { items }) => sum + items.length, 0),
        bytes: leftOut.reduce((sum, { bytes }) => sum + bytes, 0),
      },
      totalFiles: files.length,
      totalBytes: total,
      missingBytes: files
        .filter((item) => changeOf(state, item) === 'changed')
        .reduce((sum, { entry }) => sum + entry.size, 0),
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

function sameVersion(item: RemoteItem, listed: RemoteItem | undefined): boolean {
  return item.entry.size === listed?.entry.size && item.entry.mtimeS === listed.entry.mtimeS
}

/**
 * Versions that nothing has written to for a while, though newer ones have taken their names: a
 * job that replaces its checkpoint every second always has one that is whole.
 */
async function quietNow(
  pins: Pins,
  pinned: readonly RemoteItem[],
  sinceMs: number,
  { pause, signal }: MirrorOptions,
): Promise<RemoteItem[]> {
  const restMs = (SETTLING_S + 1.2) * 1_000 - (performance.now() - sinceMs)
  if (restMs > 0) await pause(restMs, signal)
  const { nowS, items } = await pins.look(pinned, signal)
  const versions = new Map(pinned.map((item) => [item.path, item]))
  return items.filter(
    (item) => item.entry.mtimeS < nowS - SETTLING_S && sameVersion(item, versions.get(item.path)),
  )
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

  constructor(
    machine: Machine,
    localDir: string,
    link: LinkFacts,
    files: readonly RemoteItem[],
    options: MirrorOptions,
  ) {
    this.#machine = machine
    this.#localDir = localDir
    this.#link = link
    this.#among = files.map(({ path }) => path)
    this.#options = options
  }

  async receive(items: readonly RemoteItem[], more: Partial<ReceiveOptions> = {}): Promise<void> {
    if (items.length === 0) return
    const { state, signal, onPart } = this.#options
    const report = await receiveItems(this.#machine, items, this.#localDir, this.#link, {
      state,
      signal,
      verify: false,
      among: this.#among,
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
