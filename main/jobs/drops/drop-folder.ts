import { mkdir, open, readdir, rm, statfs, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { decodeTime, ulid } from 'ulid'
import { SubletError, toSubletError } from '../../domain/errors.ts'
import { formatBytes } from '../../domain/format.ts'

/** At most so much in one drop: more is better named by its path, which copies nothing. */
export const dropLimitBytes = 20 * 10 ** 9
export const dropPieceBytes = 2 ** 20
/** So long after it was made, and after the last job that used it, a drop stays. */
export const dropKeptForMs = 7 * 86_400_000
const spareBytes = 500 * 10 ** 6

/** Copies of what was dropped on a page that knows no paths, one folder a drop, in the home. */
export class DropFolders {
  readonly #root: string
  readonly #now: () => number
  readonly #written = new Map<string, number>()

  constructor(root: string, now: () => number) {
    this.#root = root
    this.#now = now
  }

  async begin(): Promise<string> {
    const id = ulid(this.#now()).toLowerCase()
    await mkdir(path.join(this.#root, id), { recursive: true, mode: 0o700 })
    this.#written.set(id, 0)
    return id
  }

  /** Writes one piece of one file; answers how much the whole drop holds. */
  async write(id: string, relative: string, offset: number, piece: Uint8Array): Promise<number> {
    const before = this.#written.get(id)
    if (before === undefined) throw unknownDrop()
    const total = before + piece.length
    if (total > dropLimitBytes) throw tooMuch()
    const target = path.join(this.#root, id, ...safeParts(relative))
    try {
      if (offset === 0) {
        await this.#requireSpace(piece.length)
        await mkdir(path.dirname(target), { recursive: true, mode: 0o700 })
      }
      // A piece never lands in a file that another drop of the same name has begun.
      const file = await open(target, offset === 0 ? 'wx' : 'r+', modeOf(piece))
      try {
        await writeWhole(file, piece, offset)
      } finally {
        await file.close()
      }
    } catch (error) {
      throw notWritten(relative, error)
    }
    this.#written.set(id, total)
    return total
  }

  /** Ends a drop: the absolute paths of what stands at its top, or nothing when it is not kept. */
  async finish(id: string, keep: boolean): Promise<string[]> {
    if (!this.#written.delete(id)) throw unknownDrop()
    const folder = path.join(this.#root, id)
    if (!keep) {
      await rm(folder, { recursive: true, force: true })
      return []
    }
    return (await readdir(folder)).sort().map((name) => path.join(folder, name))
  }

  /** Removes drops that are over a week old and that no job of `inUse` paths needs. */
  async sweep(inUse: readonly string[]): Promise<void> {
    for (const id of await this.#all()) {
      if (this.#written.has(id) || this.#now() - timeOf(id) <= dropKeptForMs) continue
      const folder = path.join(this.#root, id)
      const needed = inUse.some((one) => one === folder || one.startsWith(folder + path.sep))
      if (!needed) await rm(folder, { recursive: true, force: true })
    }
  }

  async #all(): Promise<string[]> {
    try {
      return await readdir(this.#root)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
  }

  async #requireSpace(wanted: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.#root)
    if (bavail * bsize > wanted + spareBytes) return
    throw new SubletError(
      'disk-full',
      'This computer has too little space left for a copy of what was dropped: choose it by its path instead, which copies nothing.',
    )
  }
}

/** The last free bytes of a disk are taken without an error: only what is left over fails. */
async function writeWhole(file: FileHandle, piece: Uint8Array, offset: number): Promise<void> {
  let done = 0
  while (done < piece.length) {
    const left = piece.length - done
    done += (await file.write(piece, done, left, offset + done)).bytesWritten
  }
}

/** A browser tells no permissions; what begins like a program is meant to be run. */
function modeOf(beginning: Uint8Array): number {
  const [a, b, c, d] = beginning
  const isScript = a === 0x23 && b === 0x21
  const isElf = a === 0x7f && b === 0x45 && c === 0x4c && d === 0x46
  return isScript || isElf ? 0o700 : 0o600
}

/** Folder and file names of a relative path, each harmless. Fails with `invalid`. */
export function safeParts(relative: string): string[] {
  const parts = relative.split('/')
  const bad = parts.find(
    (part) =>
      part === '' || part === '.' || part === '..' || /[\\\0]/.test(part) || part.length > 255,
  )
  if (bad === undefined && parts.length <= 64 && relative.length < 4_000) return parts
  throw new SubletError('invalid', `"${relative}" is no name that a dropped file can have.`)
}

/** When a drop was made, by its id; what is no drop counts as new and stays. */
function timeOf(id: string): number {
  try {
    return decodeTime(id.toUpperCase())
  } catch {
    // Somebody else's folder: left alone.
    return Number.MAX_SAFE_INTEGER
  }
}

function unknownDrop(): SubletError {
  return new SubletError('not-found', 'The copy that was under way is gone: drop the files again.')
}

function tooMuch(): SubletError {
  return new SubletError(
    'invalid',
    `More than ${formatBytes(dropLimitBytes)} cannot be dropped on a page in the browser: choose it by its path instead, which copies nothing.`,
  )
}

function notWritten(relative: string, error: unknown): SubletError {
  if (error instanceof SubletError) return error
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EEXIST' || code === 'EISDIR' || code === 'ENOTDIR') {
    return new SubletError('conflict', `"${relative}" was dropped twice: drop it once.`)
  }
  if (code === 'ENOSPC') {
    return new SubletError(
      'disk-full',
      'The disk is full, so that what was dropped could not be copied: choose it by its path instead.',
    )
  }
  return toSubletError(error)
}
