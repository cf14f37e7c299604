import type { MirrorRecord } from './mirror-state.ts'
import type { PathBytes } from './path-bytes.ts'
import type { Fetched } from './receive-types.ts'

/** What a mirror's state keeps of a file that came home and lies at `local`, changed then (epoch ms). */
export function recordOf(
  { item, sha256 }: Pick<Fetched, 'item' | 'sha256'>,
  local: PathBytes,
  localMtimeMs: number,
): MirrorRecord {
  const { size, mtimeS, ctimeS } = item.entry
  return {
    path: item.path,
    local,
    sha256,
    localSize: size,
    localMtimeMs,
    remoteSize: size,
    remoteMtimeS: mtimeS,
    remoteCtimeS: ctimeS,
    ...(item.source === undefined ? {} : { source: item.source }),
  }
}
