import type { SFTPWrapper } from 'ssh2'
import { SubletError } from '../../domain/errors.ts'

/** Status codes of the SFTP protocol, version 3. */
const status = { endOfFile: 1, noSuchFile: 2, permissionDenied: 3, failure: 4 } as const

export interface SftpFailure {
  /** What was being done, for the message: `write data/x`. */
  readonly what: string
  readonly label: string
  readonly error: unknown
  /** Aborted when the connection has ended. */
  readonly ended: AbortSignal
  /** Whether the file system of the file has no room left. */
  readonly isFull: () => Promise<boolean>
}

/** Puts a failed SFTP request into our words. */
export async function sftpError(failure: SftpFailure): Promise<SubletError> {
  const { what, label, error, ended } = failure
  if (error instanceof SubletError) return error
  if (ended.aborted) return ended.reason as SubletError
  const code = (error as { readonly code?: unknown }).code
  const text = error instanceof Error ? error.message : String(error)
  const extras = {
    nativeCode: `SFTP ${typeof code === 'number' ? code : ''} ${text}`,
    cause: error,
  }
  switch (code) {
    case status.noSuchFile:
      return new SubletError('not-found', `Cannot ${what} on ${label}: it does not exist.`, extras)
    case status.permissionDenied:
      return new SubletError(
        'permission',
        `Cannot ${what} on ${label}: permission denied; check who owns it.`,
        extras,
      )
    case status.failure:
      if (/space|quota|disk full/i.test(text) || (await failure.isFull())) {
        return new SubletError(
          'disk-full',
          `Cannot ${what}: the disk of ${label} is full; free some space there or take a larger disk.`,
          extras,
        )
      }
      return new SubletError('invalid', `Cannot ${what} on ${label}: ${text}.`, extras)
    case undefined:
      return new SubletError(
        'unreachable',
        `Lost the file connection to ${label} while trying to ${what}; Sublet will look again.`,
        extras,
      )
    default:
      return new SubletError('invalid', `Cannot ${what} on ${label}: ${text}.`, extras)
  }
}

/** Less room than this cannot take another write. */
const spareBytes = 1024 * 1024

interface FileSystemFacts {
  readonly f_frsize: number
  readonly f_bavail: number
  readonly f_favail: number
  readonly f_files: number
}
type WithStatvfs = SFTPWrapper & {
  ext_openssh_statvfs(
    path: string,
    callback: (error: Error | undefined, facts: FileSystemFacts) => void,
  ): void
}

/** OpenSSH answers ENOSPC with a bare "Failure", so the file system itself is asked. */
export async function isFileSystemFull(sftp: SFTPWrapper, path: string): Promise<boolean> {
  return await new Promise((resolve) => {
    try {
      ;(sftp as WithStatvfs).ext_openssh_statvfs(path, (error, facts) => {
        if (error !== undefined) resolve(false)
        else
          resolve(
            facts.f_bavail * facts.f_frsize < spareBytes ||
              (facts.f_files > 0 && facts.f_favail === 0),
          )
      })
    } catch {
      // A server without this extension: the plain failure is all that can be said.
      resolve(false)
    }
  })
}
