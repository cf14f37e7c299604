import { lstat } from 'node:fs/promises'
import type { Machine } from '../machine/machine.ts'
import { forEachLimited, hashFile, systemCode } from './files.ts'
import type { TransferWarning } from './manifest.ts'
import type { MirrorRecord } from './mirror-state.ts'
import { isSafePath, localPath, shortPath, type PathBytes } from './path-bytes.ts'
import type { Placer } from './place.ts'
import type { ReceiveOptions, RemoteItem } from './receive-types.ts'
import { hashItems } from './receive-items.ts'
import { PARTIAL_FOLDER } from './remote-list.ts'
import type { RemoteEntry } from './remote-stat.ts'

/** What Linux and macOS hold at most; Windows is met by its own rules. */
const longestNameBytes = 255
const longestPathBytes = 4_000

/** Why something stays on the machine, to follow its name; null when it may come. */
function refusal({ path, entry }: RemoteItem, folder: string): string | null {
  const length = path.length + Buffer.byteLength(folder)
  const names = path.split('/')
  if (length > longestPathBytes || names.some((name) => name.length > longestNameBytes)) {
    return 'has a name or path that is too long for this computer and was left on the machine.'
  }
  const isPartial = names[0]?.toLowerCase() === PARTIAL_FOLDER
  if (!isSafePath(path) || isPartial) {
    return 'is not a path inside the output folder and was left on the machine.'
  }
  if (entry.kind === 'other') return 'is a socket, pipe or device and was left on the machine.'
  if ((entry.target?.length ?? 0) > longestPathBytes) {
    return 'is a link whose target is too long for this computer and was left on the machine.'
  }
  return null
}

/**
 * Drops what must not be written here: names that leave the folder or lie among our unfinished
 * files, names too long to hold, sockets, pipes, devices.
 */
export function acceptable(
  items: readonly RemoteItem[],
  folder: string,
  warnings: TransferWarning[],
): RemoteItem[] {
  return items.filter((item) => {
    const why = refusal(item, folder)
    if (why !== null) warnings.push({ path: item.path, sentence: `${shortPath(item.path)} ${why}` })
    return why === null
  })
}

async function sameSizeHere(folder: string, path: PathBytes, size: number): Promise<Buffer | null> {
  const place = localPath(folder, path)
  try {
    const found = await lstat(place)
    return found.isFile() && found.size === size ? place : null
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return null
    throw error
  }
}

export interface ReceivePlan {
  readonly travel: readonly RemoteItem[]
  /** Already here, with the content's hash. */
  readonly kept: readonly {
    readonly item: RemoteItem
    readonly local: PathBytes
    readonly sha256: string
  }[]
}

/**
 * How a file on the machine stands to what an earlier pass brought of it. `restamped`: names were
 * given or taken, or the file was copied to another machine; only the hash tells if it is the same.
 */
export function sinceRecorded(
  record: MirrorRecord,
  { size, mtimeS, ctimeS }: RemoteEntry,
): 'same' | 'restamped' | 'changed' {
  if (record.remoteSize !== size || record.remoteMtimeS !== mtimeS) return 'changed'
  return record.remoteCtimeS === ctimeS ? 'same' : 'restamped'
}

/**
 * Decides which files must travel. A file from an earlier pass is kept while the machine's stamp
 * is the recorded one and ours is untouched; when verifying, also only with the machine's hash. A
 * file that somebody else put here is adopted when its content is the same.
 */
export async function planReceive(
  machine: Machine,
  files: readonly RemoteItem[],
  names: ReadonlyMap<PathBytes, PathBytes>,
  folder: string,
  placer: Placer,
  options: ReceiveOptions,
): Promise<ReceivePlan> {
  const travel: RemoteItem[] = []
  const recorded: ReceivePlan['kept'][number][] = []
  const restamped: ReceivePlan['kept'][number][] = []
  const foreign: { readonly item: RemoteItem; readonly place: Buffer }[] = []
  await forEachLimited(files, 16, async (item) => {
    const { entry, path } = item
    const record = options.state.get(path)
    if (record !== undefined && (await placer.isOurs(record))) {
      const { local, sha256 } = record
      switch (sinceRecorded(record, entry)) {
        case 'same':
          recorded.push({ item, local, sha256 })
          return
        case 'restamped':
          restamped.push({ item, local, sha256 })
          return
        case 'changed':
          travel.push(item)
          return
        default:
          return
      }
    }
    const place = await sameSizeHere(folder, names.get(path) ?? path, entry.size)
    if (place === null) travel.push(item)
    else foreign.push({ item, place })
  })
  const asked = [
    ...foreign.map(({ item }) => item),
    ...restamped.map(({ item }) => item),
    ...(options.verify ? recorded.map(({ item }) => item) : []),
  ]
  const hashes = await hashItems(machine, asked, options.signal)
  const kept = recorded.filter(({ item, sha256 }) => {
    const same = !options.verify || hashes.get(item.path) === sha256
    const record = options.state.get(item.path)
    if (!same) travel.push(item)
    else if (record !== undefined) options.state.keep(record)
    return same
  })
  for (const one of restamped) {
    const { item, local, sha256 } = one
    const record = options.state.get(item.path)
    if (record === undefined || sha256 !== hashes.get(item.path)) {
      travel.push(item)
      continue
    }
    placer.remember({ item, sha256 }, local, record.localMtimeMs)
    kept.push(one)
  }
  for (const { item, place } of foreign) {
    const sha256 = await hashFile(place, options.signal)
    if (sha256 !== hashes.get(item.path)) {
      travel.push(item)
      continue
    }
    const local = names.get(item.path) ?? item.path
    placer.remember({ item, sha256 }, local, (await lstat(place)).mtimeMs)
    kept.push({ item, local, sha256 })
  }
  return { travel, kept }
}
