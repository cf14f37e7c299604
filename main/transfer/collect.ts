import type { Machine } from '../machine/machine.ts'
import { CACHE_FOLDERS, findChanges } from './changed.ts'
import type { FrozenManifest } from './frozen.ts'
import { globMatcher } from './globs.ts'
import type { TransferWarning } from './manifest.ts'
import { joinPath, parentOf, pathFromText, ROOT, showPath, type PathBytes } from './path-bytes.ts'
import { receiveItems } from './receive.ts'
import type { ReceiveOptions, ReceiveReport, RemoteItem } from './receive-types.ts'
import { hashRemote } from './remote-hash.ts'
import {
  listRemote,
  type ListOptions,
  type RemoteEntry,
  type RemoteListing,
} from './remote-list.ts'

/** A file written within this time is left for the next pass while the job runs. */
const SETTLING_S = 2

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
    items.set(entry.path, { root: from.outputDir, entry, path: entry.path })
  const folders = new Set(output.filter((entry) => entry.kind === 'dir').map((entry) => entry.path))
  const blocked = (path: PathBytes): boolean => {
    for (let at = path; at !== ROOT; at = parentOf(at)) {
      if (items.get(at)?.root === from.outputDir && !(folders.has(at) && at !== path)) return true
    }
    return false
  }
  for (const entry of work) {
    if (entry.kind === 'dir' && folders.has(entry.path)) continue
    if (!blocked(entry.path)) {
      items.set(entry.path, { root: from.workDir, entry, path: entry.path })
      continue
    }
    const path = joinPath(pathFromText('work-folder'), entry.path)
    items.set(path, { root: from.workDir, entry, path })
    warnings.push({
      path,
      sentence: `The job wrote ${showPath(entry.path)} into both its output and its work folder; the latter was saved as ${showPath(path)}.`,
    })
  }
  return [...items.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/**
 * Brings the job's results home: its output folder at the root of `localDir`, and from its work
 * folder what the globs name and what it made or changed. With `verify: false` it serves as a
 * mirror pass while the job runs and leaves out what was written within the last 2 s.
 */
export async function collect(
  machine: Machine,
  from: CollectFrom,
  localDir: string,
  options: ReceiveOptions,
): Promise<ReceiveReport> {
  const listOptions: ListOptions = options.signal === undefined ? {} : { signal: options.signal }
  const warnings: TransferWarning[] = []
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
  const workChosen = work === null ? [] : await workEntries(machine, from, work, options.signal)
  const items = merge(from, [...output.entries.values()], workChosen, warnings)
  const settled = options.verify
    ? items
    : items.filter(({ entry }) => entry.kind !== 'file' || entry.mtimeS < output.nowS - SETTLING_S)
  const report = await receiveItems(machine, settled, localDir, output, options)
  const listed = [...output.warnings, ...absent(output, from.outputDir), ...(work?.warnings ?? [])]
  return withListing({ ...report, warnings: [...warnings, ...report.warnings] }, listed)
}

function absent(listing: RemoteListing, dir: string): TransferWarning[] {
  if (listing.exists) return []
  return [
    { path: ROOT, sentence: `There is no folder ${dir} on the machine, so nothing came from it.` },
  ]
}

/** What could not even be listed may be missing at home, so the pass then counts as unverified. */
function withListing(report: ReceiveReport, listed: readonly TransferWarning[]): ReceiveReport {
  const verified = report.verified && listed.length === 0
  return { ...report, verified, warnings: [...listed, ...report.warnings] }
}

export interface ReceiveTreeOptions extends ReceiveOptions {
  /** Only these paths, or what these globs match; everything by default. */
  readonly select?:
    | { readonly globs: readonly string[] }
    | { readonly paths: ReadonlySet<PathBytes> }
}

/** Brings one remote folder home; see `receiveItems` for what is guaranteed. */
export async function receiveTree(
  machine: Machine,
  dir: string,
  localDir: string,
  options: ReceiveTreeOptions,
): Promise<ReceiveReport> {
  const listing = await listRemote(
    machine,
    dir,
    options.signal === undefined ? {} : { signal: options.signal },
  )
  const { select } = options
  const matches =
    select === undefined
      ? null
      : 'globs' in select
        ? globMatcher(select.globs)
        : (path: PathBytes) => select.paths.has(path)
  const chosen = [...listing.entries.values()].filter(
    (entry) => matches === null || matches(entry.path),
  )
  const items = chosen.map((entry) => ({ root: dir, entry, path: entry.path }))
  const report = await receiveItems(machine, items, localDir, listing, options)
  return withListing(report, [...listing.warnings, ...absent(listing, dir)])
}
