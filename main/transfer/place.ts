import { chmod, lstat, mkdir, readlink, rename, rm, symlink } from 'node:fs/promises'
import type { Stats } from 'node:fs'
import { forEachLimited, hashFile, systemCode } from './files.ts'
import { withSuffix } from './local-names.ts'
import type { TransferWarning } from './manifest.ts'
import { recordOf } from './mirror-record.ts'
import type { MirrorRecord, MirrorState } from './mirror-state.ts'
import {
  joinPath,
  localPath,
  nameOf,
  parentOf,
  pathFromBuffer,
  pathToBuffer,
  ROOT,
  shortPath,
  type PathBytes,
} from './path-bytes.ts'
import type { Fetched, ItemSource, RemoteItem } from './receive-types.ts'
import { linkStaysInside } from './safe-link.ts'

const BESIDE = '.from-job'
const RENAMES_AT_ONCE = 16

async function look(path: Buffer): Promise<Stats | null> {
  try {
    return await lstat(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null
    throw error
  }
}

/** Puts fetched files under their names without ever replacing or passing through what is not ours. */
export class Placer {
  readonly warnings: TransferWarning[] = []
  readonly #folder: string
  readonly #state: MirrorState
  readonly #folders = new Map<PathBytes, Promise<PathBytes>>([[ROOT, Promise.resolve(ROOT)]])

  /** `folder` is an existing real folder (links resolved). */
  constructor(folder: string, state: MirrorState) {
    this.#folder = folder
    this.#state = state
  }

  #at(path: PathBytes): Buffer {
    return localPath(this.#folder, path)
  }

  #warn(path: PathBytes, sentence: string): void {
    this.warnings.push({ path, sentence })
  }

  /** Makes sure that a folder is there and real, and answers its name: another one where a file or link is in the way. */
  async folder(wanted: PathBytes): Promise<PathBytes> {
    const known = this.#folders.get(wanted)
    if (known !== undefined) return await known
    const making = this.#makeFolder(wanted)
    this.#folders.set(wanted, making)
    return await making
  }

  async #makeFolder(wanted: PathBytes): Promise<PathBytes> {
    const parent = await this.folder(parentOf(wanted))
    const name = nameOf(wanted)
    for (let count = 0; ; count += 1) {
      const path = joinPath(parent, besideName(name, count))
      const found = await look(this.#at(path))
      if (found === null) {
        if (!(await this.#makeNew(path))) continue
      } else if (!found.isDirectory()) continue
      // An earlier pass may have made it read-only, as it is on the machine; the last one will again.
      else if ((found.mode & 0o300) !== 0o300) await chmod(this.#at(path), found.mode | 0o700)
      if (count > 0)
        this.#warn(
          wanted,
          `${shortPath(wanted)} is a file or link in the output folder, so the job's folder was saved as ${shortPath(path)}.`,
        )
      return path
    }
  }

  /** False where a file of the same name was placed meanwhile: a machine may list both. */
  async #makeNew(path: PathBytes): Promise<boolean> {
    try {
      await mkdir(this.#at(path), { mode: 0o755 })
      return true
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error
      return (await look(this.#at(path)))?.isDirectory() === true
    }
  }

  /** Where a record's file still lies as we wrote it, so that it may be replaced or trusted. */
  async isOurs(record: MirrorRecord): Promise<boolean> {
    const path = this.#at(record.local)
    const found = await look(path)
    if (found === null || !found.isFile() || found.size !== record.localSize) return false
    if (!(await this.#parentsAreReal(record.local))) return false
    return found.mtimeMs === record.localMtimeMs || (await hashFile(path)) === record.sha256
  }

  async #parentsAreReal(path: PathBytes): Promise<boolean> {
    for (let parent = parentOf(path); parent !== ROOT; parent = parentOf(parent)) {
      const found = await look(this.#at(parent))
      if (found === null || !found.isDirectory()) return false
    }
    return true
  }

  /**
   * Gives fetched contents their names, all in one go, and remembers them. `wanted` is the mapped
   * name. That they come is saved before, so that they are known as ours even if this process is
   * killed between two of them. Answers where each lies.
   */
  async files(
    fetched: readonly Fetched[],
    wanted: (item: RemoteItem) => PathBytes,
  ): Promise<Map<RemoteItem, PathBytes>> {
    const locals = new Map<RemoteItem, PathBytes>()
    const taken = new Set<PathBytes>()
    // First, so that no file takes the name of a folder: a machine may list both.
    for (const { item } of fetched) await this.folder(parentOf(wanted(item)))
    for (const { item, sha256 } of fetched) {
      const record = this.#state.get(item.path)
      const local = await this.#nameFor(record, wanted(item), sha256, taken)
      taken.add(local)
      locals.set(item, local)
    }
    const localOf = (item: RemoteItem): PathBytes => locals.get(item) ?? item.path
    await this.#state.expect(
      fetched.map((one) => recordOf(one, localOf(one.item), one.item.entry.mtimeS * 1000)),
    )
    await forEachLimited(fetched, RENAMES_AT_ONCE, async ({ item, temp }) => {
      await rename(temp, this.#at(localOf(item)))
    })
    this.#state.arrived()
    return locals
  }

  /** Finds out which files had got their names when an earlier pass was killed while it gave them. */
  async settle(): Promise<void> {
    const there: MirrorRecord[] = []
    for (const record of this.#state.coming) {
      if (await this.isOurs(record)) there.push(record)
    }
    this.#state.settled(there)
  }

  remember(found: Pick<Fetched, 'item' | 'sha256'>, local: PathBytes, localMtimeMs: number): void {
    this.#state.set(recordOf(found, local, localMtimeMs))
  }

  async #nameFor(
    record: MirrorRecord | undefined,
    wanted: PathBytes,
    sha256: string,
    taken: ReadonlySet<PathBytes>,
  ): Promise<PathBytes> {
    if (record !== undefined && (await this.isOurs(record))) return record.local
    const parent = await this.folder(parentOf(wanted))
    for (let count = 0; ; count += 1) {
      const path = joinPath(parent, besideName(nameOf(wanted), count))
      if (taken.has(path)) continue
      const found = await look(this.#at(path))
      const same = found?.isFile() === true && (await hashFile(this.#at(path))) === sha256
      if (found !== null && !same) continue
      if (count > 0)
        this.#warn(
          wanted,
          `${shortPath(wanted)} in the output folder is not Sublet's or was changed here, so the job's file was saved as ${shortPath(path)}.`,
        )
      return path
    }
  }

  /** Makes a link that stays inside the folder; others, and names in use, are only told. */
  async link(wanted: PathBytes, target: PathBytes, source?: ItemSource): Promise<void> {
    const safe = linkStaysInside(wanted, target)
    if (!safe) {
      this.#warn(
        wanted,
        `${shortPath(wanted)} is a link that leads out of the folder (to ${shortPath(target)}) and was not made here.`,
      )
      return
    }
    const path = joinPath(await this.folder(parentOf(wanted)), nameOf(wanted))
    const found = await look(this.#at(path))
    if (found?.isSymbolicLink() === true) {
      const now = pathFromBuffer(await readlink(this.#at(path), { encoding: 'buffer' }))
      if (now === target) return
      if (this.#state.link(path)?.target === now) {
        await rm(this.#at(path))
        await this.#makeLink(wanted, path, target, source)
        return
      }
    }
    if (found !== null) {
      this.#warn(
        wanted,
        `${shortPath(wanted)} exists in the output folder, so the job's link to ${shortPath(target)} was not made.`,
      )
      return
    }
    await this.#makeLink(wanted, path, target, source)
  }

  async #makeLink(
    wanted: PathBytes,
    path: PathBytes,
    target: PathBytes,
    source: ItemSource | undefined,
  ): Promise<void> {
    try {
      await symlink(pathToBuffer(target), this.#at(path))
      this.#state.setLink({ local: path, target, ...(source === undefined ? {} : { source }) })
    } catch (error) {
      if (systemCode(error) !== 'EPERM') throw error
      this.#warn(
        wanted,
        `${shortPath(wanted)} is a link to ${shortPath(target)}, and this computer does not let Sublet make links.`,
      )
    }
  }

  async discard(temp: string): Promise<void> {
    await rm(temp, { force: true })
  }
}

function besideName(name: PathBytes, count: number): PathBytes {
  if (count === 0) return name
  return withSuffix(name, count === 1 ? BESIDE : `${BESIDE}-${count}`) as PathBytes
}
