import { lstat, readlink } from 'node:fs/promises'
import type { FrozenEntry, FrozenManifest } from '../frozen.ts'
import { forEachLimited } from '../files.ts'
import type { MirrorRecord, MirrorState } from '../mirror-state.ts'
import { localPath, parentOf, pathFromBuffer, ROOT, type PathBytes } from '../path-bytes.ts'
import { Placer } from '../place.ts'
import { setOf } from './units.ts'

/** Results that are home, as they can be sent to where the job had written them. */
export interface GoesBack {
  readonly output: FrozenManifest
  readonly work: FrozenManifest
  /** Files that stay, because they, or others of their checkpoint folder, were changed or removed here. */
  readonly changedHere: number
  /** Where in the work folder what stays here would have gone; it must not lie there half. */
  readonly staysOfWork: readonly PathBytes[]
}

/** Results that were found changed while they were sent, by where the job had written them. */
export type Moving = Readonly<Record<'output' | 'work', ReadonlySet<PathBytes>>>

const nothingMoves: Moving = { output: new Set(), work: new Set() }

const LOOKS_AT_ONCE = 16

/**
 * What Sublet brought home for a job into `localDir` and nobody touched since. A checkpoint folder
 * goes whole or not at all: one whose arrival was cut short, or that was touched, stays here. What is
 * `moving` counts as touched, whatever it looks like now.
 */
export async function whatGoesBack(
  state: MirrorState,
  jobId: string,
  localDir: string,
  moving: Moving = nothingMoves,
): Promise<GoesBack> {
  const placer = new Placer(localDir, state)
  await placer.settle()
  const isMine = (record: MirrorRecord): boolean => record.jobId === jobId
  const torn = new Set(state.torn.filter(isMine).map(({ path }) => setOf(path)))
  const all = state.records().filter((record) => isMine(record) && record.source !== undefined)
  const mine = all.filter(({ path }) => setOf(path) === null || !torn.has(setOf(path)))
  const ours: MirrorRecord[] = []
  const entries = new Map<MirrorRecord, FrozenEntry>()
  const touched = new Set<PathBytes>()
  await forEachLimited(mine, LOOKS_AT_ONCE, async (record) => {
    const { source, path } = record
    const isStill = source !== undefined && !moving[source.from].has(source.path)
    const entry =
      isStill && (await placer.isOurs(record)) ? await fileEntry(record, localDir) : null
    if (entry === null) touched.add(setOf(path) ?? ROOT)
    else {
      ours.push(record)
      entries.set(record, entry)
    }
  })
  const kept = new Set(
    ours.filter(({ path }) => {
      const set = setOf(path)
      return set === null || !touched.has(set)
    }),
  )
  const links = await ownLinks(state, jobId, localDir)
  const manifest = (from: 'output' | 'work'): FrozenManifest => {
    const files = [...kept].filter(({ source }) => source?.from === from)
    const found = files.flatMap((record) => entries.get(record) ?? [])
    const linked = links.filter(({ source }) => source === from).map(entryOf)
    const goes = withFolders([...found, ...linked])
    return { version: 1, root: localDir, store: localDir, entries: goes }
  }
  return {
    output: manifest('output'),
    work: manifest('work'),
    changedHere: mine.length - kept.size,
    staysOfWork: all.flatMap((record) =>
      record.source?.from === 'work' && !kept.has(record) ? [record.source.path] : [],
    ),
  }
}

/** Null when it went away just now. */
async function fileEntry(record: MirrorRecord, localDir: string): Promise<FrozenEntry | null> {
  const found = await lstat(localPath(localDir, record.local)).catch(() => null) // Gone.
  if (found === null) return null
  const { mode, mtimeMs, size } = found
  return {
    kind: 'file',
    path: record.source?.path ?? record.path,
    at: record.local,
    mode: mode & 0o777,
    mtimeMs: Math.floor(mtimeMs),
    size,
    sha256: record.sha256,
    source: 'file',
  }
}

interface OwnLink {
  readonly source: 'output' | 'work'
  readonly path: PathBytes
  readonly target: PathBytes
}

async function ownLinks(state: MirrorState, jobId: string, localDir: string): Promise<OwnLink[]> {
  const found: OwnLink[] = []
  for (const { local, target, source, jobId: of } of state.links()) {
    if (of !== jobId || source === undefined) continue
    const now = await readlink(localPath(localDir, local), { encoding: 'buffer' }).catch(() => null) // Gone.
    if (now === null || pathFromBuffer(now) !== target) continue
    found.push({ source: source.from, path: source.path, target })
  }
  return found
}

function entryOf({ path, target }: OwnLink): FrozenEntry {
  return { kind: 'symlink', path, target, mode: 0o777, mtimeMs: 0 }
}

/** With the folders that they lie in, parents first. */
function withFolders(entries: readonly FrozenEntry[]): FrozenEntry[] {
  const folders = new Map<PathBytes, number>()
  for (const { path, mtimeMs } of entries) {
    for (let at = parentOf(path); at !== ROOT; at = parentOf(at))
      folders.set(at, Math.max(folders.get(at) ?? 0, mtimeMs))
  }
  const made = [...folders]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, mtimeMs]): FrozenEntry => ({ kind: 'dir', path, mode: 0o755, mtimeMs }))
  return [...made, ...entries]
}
