import { lstat, mkdir, realpath, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { SubletError } from '../domain/errors.ts'
import type { Machine } from '../machine/machine.ts'
import { systemCode } from './files.ts'
import { lostError } from './remote-command.ts'
import { PARTIAL_FOLDER } from './remote-list.ts'

/** Where results come home, links resolved, and where unfinished files wait in it. */
export interface OutputFolder {
  readonly folder: string
  readonly partials: string
}

/** Makes it, with its folder for unfinished files. Fails with `conflict` where that is a link or file. */
export async function openFolder(localDir: string): Promise<OutputFolder> {
  await mkdir(localDir, { recursive: true })
  const folder = await realpath(localDir)
  const partials = join(folder, PARTIAL_FOLDER)
  await mkdir(partials, { recursive: true, mode: 0o700 })
  if (!(await lstat(partials)).isDirectory()) {
    throw new SubletError(
      'conflict',
      `${partials} is a link or file; remove it, and collect again.`,
    )
  }
  return { folder, partials }
}

/** Says so before hours of transfer, not after. */
export async function checkRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const freeBytes = bavail * bsize
  if (bytes <= freeBytes) return
  const inGb = (value: number): string => (value / 1e9).toFixed(2)
  throw new SubletError(
    'disk-full',
    `${inGb(bytes)} GB have to come to ${folder}, but only ${inGb(freeBytes)} GB are free there; free some space or choose another output folder, and collect again.`,
  )
}

/** Says which folder is full, or that the connection went; anything else passes as it is. Null where no machine has a part. */
export function inWords(error: unknown, machine: Machine | null, folder: string): unknown {
  const code = systemCode(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new SubletError(
      'disk-full',
      `The disk of ${folder} is full; free some space, and collect again: what came so far is kept.`,
      { nativeCode: code, cause: error },
    )
  }
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return new SubletError(
      'permission',
      `${folder} cannot be written to; make it writable or choose another output folder.`,
      { nativeCode: code, cause: error },
    )
  }
  if (machine?.lost.aborted === true && !(error instanceof SubletError)) return lostError(machine)
  return error
}
