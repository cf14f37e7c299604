import { findChanges, CACHE_FOLDERS } from './changed.ts'
import type { Machine } from '../machine/machine.ts'
import type { FrozenManifest } from './frozen.ts'
import { globMatcher } from './globs.ts'
import type { TransferWarning } from './manifest.ts'
import { joinPath, parentOf, pathFromText, ROOT, shortPath, type PathBytes } from './path-bytes.ts'
import type { RemoteItem } from './receive-types.ts'
import { hashRemote } from './remote-hash.ts'
import { listRemote, type ListOptions, type RemoteListing } from './remote-list.ts'
import type { RemoteEntry } from './remote-stat.ts'

export interface CollectFrom {
  /** SUBLET_OUTPUT on the machine; everything in it comes home. */
  readonly outputDir: string
  /** The job's work folder on the machine, absolute or relative to home as `outputDir` is. */
  readonly workDir: string
  /** What was sent into the work folder; null when nothing was. */
  readonly workManifest: FrozenManifest | null
  /** `completeAtS` of the report of sending the work folder. */
  readonly completeAtS: number
  /** The job's `outputs:`, relative to the work folder. */
  readonly globs: readonly string[]
  /** Also what the job made or changed in its work folder. */
  readonly includeChanged: boolean
}

function nested(outer: string, inner: string): string | null {
  const prefix = `${outer.replace(/\/+$/, '')}/`
  return inner.startsWith(prefix) ? inner.slice(prefix.length).replace(/\/+$/, '') : null
}

async function workEntries(
  machine: Machine,
  from: CollectFrom,
  listing: RemoteListing,
  signal?: AbortSignal,
): Promise<RemoteEntry[]> {
  const chosen = new Map<PathBytes, RemoteEntry>()
  if (from.globs.length > 0) {
    const matches = globMatcher(from.globs)
    for (const entry of listing.entries.values())
      if (matches(entry.path)) chosen.set(entry.path, entry)
  }
  if (from.includeChanged) {
    const { changed, touched } = findChanges(listing, from.workManifest, from.completeAtS)
    const hashes = await hashRemote(
      machine,
      from.workDir,
      touched.map(({ entry }) => entry.path),
      signal,
    )
    for (const entry of changed) chosen.set(entry.path, entry)
    for (const { entry, input } of touched) {
      if (hashes.get(entry.path) !== input.sha256) chosen.set(entry.path, entry)
    }
  }
  return [...chosen.values()]
}

/** Output files keep the root; a work file of the same name moves into `work/`, and that is told. */
function merge(
  from: CollectFrom,
  output: readonly RemoteEntry[],
  work: readonly RemoteEntry[],
  warnings: TransferWarning[],
): RemoteItem[] {
  const items = new Map<PathBytes, RemoteItem>()
  for (const entry of output)
    items.set(entry.path, {
      root: from.outputDir,
      entry,
      path: entry.path,
      source: { from: 'output', path: entry.path },
    })
  const folders = new Set(output.filter((entry) => entry.kind === 'dir').map((entry) => entry.path))
  const blocked = (path: PathBytes): boolean => {
    for (let at = path; at !== ROOT; at = parentOf(at)) {
      if (items.get(at)?.root === from.outputDir && !(folders.has(at) && at !== path)) return true
    }
    return false
  }
  for (const entry of work) {
    if (entry.kind === 'dir' && folders.has(entry.path)) continue
    const source = { from: 'work', path: entry.path } as const
    if (!blocked(entry.path)) {
      items.set(entry.path, { root: from.workDir, entry, path: entry.path, source })
      continue
    }
    const path = joinPath(pathFromText('work-folder'), entry.path)
    items.set(path, { root: from.workDir, entry, path, source })
    warnings.push({
      path,
      sentence: `The job wrote ${shortPath(entry.path)} into both its output and its work folder; the latter was saved as ${shortPath(path)}.`,
    })
  }
  return [...items.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

export interface ListedOutputs {
  /** Parents before children. */
  readonly items: readonly RemoteItem[]
  /** The output folder's own listing: what it says of the machine and the way to it. */
  readonly listing: RemoteListing
  /** Names that were given twice. */
  readonly merged: readonly TransferWarning[]
  /** What could not be listed; with any of these, something may be missing. */
  readonly unlisted: readonly TransferWarning[]
}

/** Everything that is to come home, as it stands on the machine now; nothing is fetched. */
export async function listOutputs(
  machine: Machine,
  from: CollectFrom,
  signal?: AbortSignal,
): Promise<ListedOutputs> {
  const listOptions: ListOptions = signal === undefined ? {} : { signal }
  const merged: TransferWarning[] = []
  const output = await listRemote(machine, from.outputDir, listOptions)
  const inside = nested(from.workDir, from.outputDir)
  const needsWork = from.globs.length > 0 || from.includeChanged
  const work = needsWork
    ? await listRemote(machine, from.workDir, {
        ...listOptions,
        // A glob may name what is otherwise taken for a cache, so then all is listed.
        ...(from.globs.length === 0 ? { prune: CACHE_FOLDERS } : {}),
        ...(inside === null ? {} : { prunePath: inside }),
      })
    : null
  const workChosen = work === null ? [] : await workEntries(machine, from, work, signal)
  return {
    items: merge(from, [...output.entries.values()], workChosen, merged),
    listing: output,
    merged,
    unlisted: [...output.warnings, ...absent(output, from.outputDir), ...(work?.warnings ?? [])],
  }
}

/** Says that a folder is not there, where it is not. */
export function absent(listing: RemoteListing, dir: string): TransferWarning[] {
  if (listing.exists) return []
  return [
    { path: ROOT, sentence: `There is no folder ${dir} on the machine, so nothing came from it.` },
  ]
}
