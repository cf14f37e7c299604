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
}

const LOOKS_AT_ONCE = 16

/**
 * What Sublet brought home for a job into `localDir` and nobody touched since. A checkpoint folder
 * goes whole or not at all: one whose arrival was cut short, or that was touched, stays here.
 */
export async function whatGoesBack(
  state: MirrorState,
  jobId: string,
  localDir: string,
): Promise<GoesBack> {
  const placer = new Placer(localDir, state)
  await placer.settle()
  const isMine = (record: MirrorRecord): boolean => record.jobId === jobId
  const torn = new Set(state.torn.filter(isMine).map(({ path }) => setOf(path)))
  const mine = state
    .records()
    .filter((record) => isMine(record) && record.source !== undefined)
    .filter(({ path }) => setOf(path) === null || !torn.has(setOf(path)))
  const ours: MirrorRecord[] = []
  const touched = new Set<PathBytes>()
  await forEachLimited(mine, LOOKS_AT_ONCE, async (record) => {
    if (await placer.isOurs(record)) ours.push(record)
    else touched.add(setOf(record.path) ?? ROOT)
  })
  const kept = ours.filter(({ path }) => {
    const set = setOf(path)
    return set === null || !touched.has(set)
  })
  const links = await ownLinks(state, jobId, localDir)
  const manifest = async (from: 'output' | 'work'): Promise<FrozenManifest> => {
    const files = kept.filter(({ source }) => source?.from === from)
    const entries = await Promise.all(files.map((record) => fileEntry(record, localDir)))
    const all = [...entries, ...links.filter(({ source }) => source === from).map(entryOf)]
    return { version: 1, root: localDir, store: localDir, entries: withFolders(all) }
  }
  return {
    output: await manifest('output'),
    work: await manifest('work'),
    changedHere: mine.length - kept.length,
  }
}

async function fileEntry(record: MirrorRecord, localDir: string): Promise<FrozenEntry> {
  const { mode, mtimeMs, size } = await lstat(localPath(localDir, record.local))
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
