import { constants, read, write } from 'node:fs'
import { lstat, open, realpath, rename, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { statusCode } from './packets.ts'
import type { WishedAttributes } from './attributes.ts'

/** How many bytes may still be written before the disk is "full". */
export interface DiskAllowance {
  /** Takes bytes off the allowance; false when they no longer fit. */
  take(bytes: number): boolean
}

/** A failure as the client reads it. */
export class SftpError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Maps what the file system threw to a status and OpenSSH's words for it. */
export function sftpErrorOf(thrown: unknown): SftpError {
  if (thrown instanceof SftpError) return thrown
  if (thrown instanceof RangeError) return new SftpError(statusCode.badMessage, 'Bad message')
  const { code, message } = thrown as NodeJS.ErrnoException
  switch (code ?? '') {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ELOOP':
      return new SftpError(statusCode.noSuchFile, 'No such file or directory')
    case 'EACCES':
    case 'EPERM':
      return new SftpError(statusCode.permissionDenied, 'Permission denied')
    case 'ENOSPC':
    case 'EDQUOT':
      return new SftpError(statusCode.failure, 'No space left on device')
    case 'EEXIST':
      return new SftpError(statusCode.failure, 'File exists')
    case 'ENOTEMPTY':
      return new SftpError(statusCode.failure, 'Directory not empty')
    default:
      return new SftpError(statusCode.failure, message)
  }
}

const wish = { read: 1, write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 } as const

/** SFTP's open flags as open(2)'s. */
export function openFlags(wished: number): number {
  const reads = (wished & wish.read) !== 0
  const writes = (wished & wish.write) !== 0
  const access =
    reads && writes ? constants.O_RDWR : writes ? constants.O_WRONLY : constants.O_RDONLY
  const pairs: readonly (readonly [number, number])[] = [
    [wish.append, constants.O_APPEND],
    [wish.create, constants.O_CREAT],
    [wish.truncate, constants.O_TRUNC],
    [wish.exclusive, constants.O_EXCL],
  ]
  return pairs.reduce((flags, [bit, flag]) => ((wished & bit) === 0 ? flags : flags | flag), access)
}

/** Reads into `buffer` from `at` on; resolves to the number of bytes, 0 at the end. */
export function readAt(
  fd: number,
  buffer: Buffer,
  at: number,
  length: number,
  position: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, buffer, at, length, position, (error, bytes) =>
      error === null ? resolve(bytes) : reject(error),
    )
  })
}

/** Writes all of `bytes` at `position`. */
export async function writeAt(fd: number, bytes: Buffer, position: number): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const from = done
    done += await new Promise<number>((resolve, reject) => {
      write(fd, bytes, from, bytes.length - from, position + from, (error, count) =>
        error === null ? resolve(count) : reject(error),
      )
    })
  }
}

/** Sets what the client wished on an open file or folder. */
export async function setAttributes(file: FileHandle, wished: WishedAttributes): Promise<void> {
  if (wished.size !== undefined) await file.truncate(wished.size)
  if (wished.owner !== undefined) {
    const now = await file.stat()
    const { uid, gid } = wished.owner
    if (now.uid !== uid || now.gid !== gid) await file.chown(uid, gid)
  }
  if (wished.mode !== undefined) await file.chmod(wished.mode)
  if (wished.times !== undefined) await file.utimes(wished.times.accessed, wished.times.modified)
}

/** Opens just to set attributes; a folder or a file without write access will do for the most. */
export async function openForAttributes(
  path: Buffer,
  wished: WishedAttributes,
): Promise<FileHandle> {
  const flags =
    wished.size === undefined ? constants.O_RDONLY | constants.O_NONBLOCK : constants.O_WRONLY
  return open(path, flags)
}

/** The canonical path; like OpenSSH's it may name something that is not there yet. */
export async function canonical(path: Buffer): Promise<Buffer> {
  try {
    return await realpath(path, { encoding: 'buffer' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const trimmed = path.toString('latin1').replace(/\/+$/, '')
    const slash = trimmed.lastIndexOf('/')
    const parent = await realpath(Buffer.from(trimmed.slice(0, slash) || '/', 'latin1'), {
      encoding: 'buffer',
    })
    const separator = parent.length === 1 ? '' : '/'
    return Buffer.concat([parent, Buffer.from(separator + trimmed.slice(slash + 1), 'latin1')])
  }
}

/** SFTP's plain rename: refuses to overwrite. */
export async function renameNew(from: Buffer, to: Buffer): Promise<void> {
  await lstat(from)
  const exists = await lstat(to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
  if (exists) throw new SftpError(statusCode.failure, 'File exists')
  await rename(from, to)
}

/** Whether the path is a folder, links followed. */
export async function isFolder(path: Buffer): Promise<boolean> {
  return (await stat(path)).isDirectory()
}
