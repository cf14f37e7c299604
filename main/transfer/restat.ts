import type { Machine } from '../machine/machine.ts'
import { byRoot } from './receive-plan.ts'
import type { RemoteItem } from './receive-types.ts'
import { statRemote } from './remote-hash.ts'

/** The same files as they are now, for another round; those that vanished are dropped. */
export async function restat(
  machine: Machine,
  items: readonly RemoteItem[],
  signal?: AbortSignal,
): Promise<RemoteItem[]> {
  const fresh: RemoteItem[] = []
  for (const [root, group] of byRoot(items)) {
    const now = await statRemote(
      machine,
      root,
      group.map(({ entry }) => entry.path),
      signal,
    )
    for (const item of group) {
      const entry = now.get(item.entry.path)
      if (entry?.kind === 'file') fresh.push({ ...item, entry })
    }
  }
  return fresh
}
