import { randomUUID } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { homedir } from 'node:os'
import { SubletError } from '../../domain/errors.ts'
import { resolveUserPath } from '../../jobs/understand/file-facts.ts'
import type { ServiceParts } from './context.ts'

/**
 * Copies the logs of all attempts of a job, one behind the other, into a file of the user's. A file
 * that is replaced stays as it was until the copy is whole.
 */
export async function saveLog(
  parts: ServiceParts,
  input: { readonly jobId: string; readonly path: string; readonly replace: boolean },
  signal: AbortSignal,
): Promise<{ readonly path: string; readonly bytes: number }> {
  const job = parts.journal.job(input.jobId)
  const path = resolveUserPath(input.path, homedir())
  const written = input.replace ? `${path}.${randomUUID().slice(0, 8)}.partial` : path
  const target = await open(written, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw refusal(path, error)
  })
  let bytes = 0
  try {
    for (const { id } of job.attempts) {
      const source = await open(parts.paths.log(job.id, id), 'r').catch(() => null) // Nothing printed.
      if (source !== null) bytes += await copy(source, target, signal)
    }
    await target.close()
    if (input.replace) await rename(written, path)
    return { path, bytes }
  } catch (thrown) {
    await target.close()
    await rm(written, { force: true })
    throw refusal(path, thrown as NodeJS.ErrnoException)
  }
}

async function copy(source: FileHandle, target: FileHandle, signal: AbortSignal): Promise<number> {
  const buffer = Buffer.allocUnsafe(2 ** 20)
  let copied = 0
  try {
    for (;;) {
      signal.throwIfAborted()
      const { bytesRead } = await source.read(buffer, 0, buffer.length, copied)
      if (bytesRead === 0) return copied
      await target.appendFile(buffer.subarray(0, bytesRead))
      copied += bytesRead
    }
  } finally {
    await source.close()
  }
}

function refusal(path: string, error: NodeJS.ErrnoException): Error {
  const code = error.code ?? ''
  const because = { nativeCode: code, cause: error }
  if (code === 'EEXIST') {
    return new SubletError(
      'conflict',
      `There is a file ${path} already; replace it, or choose another name.`,
      because,
    )
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new SubletError(
      'not-found',
      `There is no folder for ${path}; choose one that exists.`,
      because,
    )
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'EISDIR') {
    return new SubletError(
      'permission',
      `${path} cannot be written; choose another place.`,
      because,
    )
  }
  if (code === 'ENOSPC') {
    return new SubletError(
      'disk-full',
      `The disk of ${path} is full; free some space, or choose another place.`,
      because,
    )
  }
  if (error.errno !== undefined) {
    return new SubletError(
      'invalid',
      `${path} cannot be written (${code}); choose another place.`,
      because,
    )
  }
  return error
}
