import type { Machine } from '../machine/machine.ts'
import type { PathBytes } from './path-bytes.ts'
import type { RemoteItem } from './receive-types.ts'
import { hashRemote, statRemote } from './remote-hash.ts'
import type { RemoteEntry } from './remote-stat.ts'

/** Hashes that the machine answered, by the item's path in the output folder. */
export type RemoteHashes = ReadonlyMap<PathBytes, string>

/** Items grouped by the remote folder they are relative to: one command serves one folder. */
export function byRoot(items: readonly RemoteItem[]): Map<string, RemoteItem[]> {
  const groups = new Map<string, RemoteItem[]>()
  for (const item of items) {
    const group = groups.get(item.root)
    if (group === undefined) groups.set(item.root, [item])
    else group.push(item)
  }
  return groups
}

/** Asks the machine for the hashes of these files; files that are gone have none. */
export async function hashItems(
  machine: Machine,
  items: readonly RemoteItem[],
  signal?: AbortSignal,
): Promise<RemoteHashes> {
  const hashes = new Map<PathBytes, string>()
  for (const [root, group] of byRoot(items)) {
    const found = await hashRemote(
      machine,
      root,
      group.map((item) => item.entry.path),
      signal,
    )
    for (const item of group) {
      const hash = found.get(item.entry.path)
      if (hash !== undefined) hashes.set(item.path, hash)
    }
  }
  return hashes
}

/** Looks at these files again; those that are gone have no answer. By path in the output folder. */
export async function statItems(
  machine: Machine,
  items: readonly RemoteItem[],
  signal?: AbortSignal,
): Promise<Map<PathBytes, RemoteEntry>> {
  const stats = new Map<PathBytes, RemoteEntry>()
  for (const [root, group] of byRoot(items)) {
    const now = await statRemote(
      machine,
      root,
      group.map(({ entry }) => entry.path),
      signal,
    )
    for (const item of group) {
      const entry = now.get(item.entry.path)
      if (entry !== undefined) stats.set(item.path, entry)
    }
  }
  return stats
}

/** The same files as they are now, for another round; those that vanished are dropped. */
export async function restat(
  machine: Machine,
  items: readonly RemoteItem[],
  signal?: AbortSignal,
): Promise<RemoteItem[]> {
  const now = await statItems(machine, items, signal)
  return items.flatMap((item) => {
    const entry = now.get(item.path)
    return entry?.kind === 'file' ? [{ ...item, entry }] : []
  })
}
