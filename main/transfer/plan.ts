import type { FrozenEntry, FrozenFile } from './frozen.ts'
import { parentOf, type PathBytes } from './path-bytes.ts'
import type { RemoteListing } from './remote-list.ts'
import type { RemoteEntry } from './remote-stat.ts'

/** Below this size files travel together in one tar stream; above, each in a window of writes. */
export const SMALL_BELOW_BYTES = 1024 * 1024

export type ShapeEntry = Exclude<FrozenEntry, FrozenFile>

export interface SendPlan {
  /** In the way (another kind of thing, or extra in a folder that must match exactly); removed first. */
  readonly remove: readonly PathBytes[]
  /** Folders and links that are missing or lead elsewhere. */
  readonly shape: readonly ShapeEntry[]
  /** Folders with other times or permissions than they should have. */
  readonly staleDirs: readonly ShapeEntry[]
  /** Surely different: they travel. */
  readonly files: readonly FrozenFile[]
  /** Same size, but only the hash can tell. */
  readonly compare: readonly FrozenFile[]
  readonly unchanged: readonly FrozenFile[]
}

function wholeSeconds(mtimeMs: number): number {
  return Math.max(0, Math.floor(mtimeMs / 1000))
}

/** Whether times and permissions on the machine are those of the manifest. */
export function sameStamp(entry: FrozenEntry, remote: RemoteEntry): boolean {
  return wholeSeconds(entry.mtimeMs) === remote.mtimeS && entry.mode === remote.mode
}

function extras(entries: readonly FrozenEntry[], listing: RemoteListing): PathBytes[] {
  const wanted = new Set(entries.map((entry) => entry.path))
  const extra = new Set<PathBytes>()
  for (const path of listing.entries.keys()) if (!wanted.has(path)) extra.add(path)
  // A folder goes with its content; what is inside needs no removal of its own.
  return [...extra].filter((path) => !extra.has(parentOf(path)))
}

/**
 * What differs between the inputs and the machine's folder. A file with equal size and time is
 * trusted, unless an earlier transfer was cut: then everything small is compared by hash, because
 * only large files are checked before they get their name.
 */
export function planSend(
  entries: readonly FrozenEntry[],
  listing: RemoteListing,
  exact: boolean,
): SendPlan {
  const remove = exact ? extras(entries, listing) : []
  const shape: ShapeEntry[] = []
  const staleDirs: ShapeEntry[] = []
  const files: FrozenFile[] = []
  const compare: FrozenFile[] = []
  const unchanged: FrozenFile[] = []
  for (const entry of entries) {
    const there = listing.entries.get(entry.path)
    const remote = there !== undefined && there.kind === entry.kind ? there : undefined
    if (there !== undefined && remote === undefined) remove.push(entry.path)
    switch (entry.kind) {
      case 'dir':
        if (remote === undefined) shape.push(entry)
        if (remote === undefined || !sameStamp(entry, remote)) staleDirs.push(entry)
        break
      case 'symlink':
        if (remote?.target === entry.target) break
        if (remote !== undefined) remove.push(entry.path)
        shape.push(entry)
        break
      case 'file': {
        if (remote === undefined || remote.size !== entry.size) files.push(entry)
        else if (!sameStamp(entry, remote)) compare.push(entry)
        else if (listing.unfinished && entry.size < SMALL_BELOW_BYTES) compare.push(entry)
        else unchanged.push(entry)
        break
      }
    }
  }
  return { remove, shape, staleDirs, files, compare, unchanged }
}
