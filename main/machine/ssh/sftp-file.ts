import type { SFTPWrapper } from 'ssh2'
import type { RemoteFile } from '../machine.ts'
import { isFileSystemFull, sftpError } from './sftp-errors.ts'

export interface SftpContext {
  readonly sftp: SFTPWrapper
  readonly label: string
  /** Aborted when the SFTP session has ended, with the connection or alone. */
  readonly ended: AbortSignal
}

/** Waits for one SFTP request; its failure arrives as a SubletError about `what` and `path`. */
export async function request<T>(
  context: SftpContext,
  what: string,
  path: string,
  send: (callback: (error: Error | null | undefined, value: T) => void) => void,
): Promise<T> {
  const { ended } = context
  try {
    ended.throwIfAborted()
    return await new Promise<T>((resolve, reject) => {
      // ssh2 forgets requests that are made while a session is ending.
      const onEnded = (): void => reject(ended.reason as Error)
      ended.addEventListener('abort', onEnded, { once: true })
      send((error, value) => {
        ended.removeEventListener('abort', onEnded)
        if (error) reject(error)
        else resolve(value)
      })
    })
  } catch (error) {
    throw await sftpError({
      what: `${what} ${path}`,
      label: context.label,
      error,
      ended,
      isFull: async () => await isFileSystemFull(context.sftp, path),
    })
  }
}

const flags = { read: 'r', create: 'w+', update: 'r+' } as const

/** Opens `path` (absolute): to read, anew and empty, or an existing file to change in place. */
export async function openSftpFile(
  context: SftpContext,
  path: string,
  mode: 'read' | 'create' | 'update',
  signal?: AbortSignal,
): Promise<RemoteFile> {
  signal?.throwIfAborted()
  const handle = await request<Buffer>(context, 'open', path, (callback) =>
    context.sftp.open(path, flags[mode], callback),
  )
  const file = sftpFile(context, path, handle)
  if (signal?.aborted === true) {
    await file.close()
    throw signal.reason
  }
  return file
}

function sftpFile(context: SftpContext, path: string, handle: Buffer): RemoteFile {
  const { sftp } = context
  return {
    read: async (offset, length) => {
      const buffer = Buffer.allocUnsafe(length)
      let filled = 0
      // A server may answer with less than asked; only an empty answer is the end of the file.
      while (filled < length) {
        const start = filled
        const count = await request<number>(context, 'read', path, (callback) =>
          sftp.read(handle, buffer, start, length - start, offset + start, callback),
        )
        if (count === 0) break
        filled += count
      }
      return buffer.subarray(0, filled)
    },
    write: async (offset, bytes) => {
      if (bytes.length === 0) return
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      await request<unknown>(context, 'write', path, (callback) =>
        sftp.write(handle, buffer, 0, buffer.length, offset, (error) => callback(error, null)),
      )
    },
    setStat: async ({ size, mtimeMs, mode }) => {
      const seconds = mtimeMs === undefined ? undefined : toProtocolSeconds(mtimeMs)
      await request<unknown>(context, 'change', path, (callback) =>
        sftp.fsetstat(
          handle,
          {
            ...(size === undefined ? {} : { size }),
            ...(mode === undefined ? {} : { mode: mode & 0o7777 }),
            ...(seconds === undefined ? {} : { atime: seconds, mtime: seconds }),
          },
          (error) => callback(error, null),
        ),
      )
    },
    close: async () => {
      await request<unknown>(context, 'close', path, (callback) =>
        sftp.close(handle, (error) => callback(error, null)),
      )
    },
  }
}

/** The protocol carries times as unsigned 32-bit seconds. */
function toProtocolSeconds(mtimeMs: number): number {
  return Math.min(Math.max(Math.floor(mtimeMs / 1000), 0), 2 ** 32 - 1)
}
