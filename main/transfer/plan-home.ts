import type { Machine } from '../machine/machine.ts'
import { mapLocalNames, nameRulesOf } from './local-names.ts'
import type { TransferWarning } from './manifest.ts'
import type { MirrorState } from './mirror-state.ts'
import type { PathBytes } from './path-bytes.ts'
import { Placer } from './place.ts'
import { openFolder } from './receive-folder.ts'
import { hashItems, type RemoteHashes } from './receive-items.ts'
import { acceptable, planReceive } from './receive-plan.ts'
import type { RemoteItem } from './receive-types.ts'

export interface HomePlan {
  /** Files that are not home yet. */
  readonly travel: readonly RemoteItem[]
  /** The machine's hashes of these; what it could not read has none. */
  readonly hashes: RemoteHashes
  /** Folders and links. */
  readonly others: readonly RemoteItem[]
  readonly homeFiles: number
  readonly homeBytes: number
  readonly among: readonly PathBytes[]
  readonly warnings: readonly TransferWarning[]
}

/** What would have to come home, compared by hash with what is here already; nothing travels. */
export async function planHome(
  machine: Machine,
  items: readonly RemoteItem[],
  localDir: string,
  state: MirrorState,
  signal: AbortSignal,
): Promise<HomePlan> {
  const warnings: TransferWarning[] = []
  const { folder } = await openFolder(localDir)
  const placer = new Placer(folder, state)
  await placer.settle()
  const accepted = acceptable(items, folder, warnings)
  const among = accepted.map(({ path }) => path)
  const files = accepted.filter(({ entry }) => entry.kind === 'file')
  const names = mapLocalNames(among, nameRulesOf(process.platform))
  const { travel, kept } = await planReceive(machine, files, names, folder, placer, {
    state,
    verify: true,
    signal,
  })
  await state.save()
  return {
    travel,
    hashes: await hashItems(machine, travel, signal),
    others: accepted.filter(({ entry }) => entry.kind === 'dir' || entry.kind === 'symlink'),
    homeFiles: kept.length,
    homeBytes: kept.reduce((sum, { item }) => sum + item.entry.size, 0),
    among,
    warnings,
  }
}
