import path from 'node:path'
import { readdir } from 'node:fs/promises'
import { SubletError } from '../../domain/errors.ts'

/** Where `sublet-output` is a file or not readable, no number is free. */
const mostNumbers = 1_000

/**
 * The default folder for results: `sublet-output/<name>`, or with a number where that holds an
 * earlier run's results or belongs to a job that still runs. Results are never overwritten unless
 * the user names the folder. `parent` is the user's own place for results instead of `sublet-output`.
 */
export async function defaultOutputFolder(
  baseDir: string,
  name: string,
  isTaken: (folder: string) => boolean,
  parent: string | null = null,
): Promise<string> {
  const first = path.join(parent ?? path.join(baseDir, 'sublet-output'), fileNameOf(name))
  return freeFolder(first, isTaken)
}

/** `first` itself, or with a number, such that it holds nothing and belongs to no job that runs. */
export async function freeFolder(
  first: string,
  isTaken: (folder: string) => boolean,
): Promise<string> {
  for (let number = 1; number <= mostNumbers; number += 1) {
    const folder = number === 1 ? first : `${first}-${number}`
    if (!isTaken(folder) && (await isFree(folder))) return folder
  }
  throw new SubletError(
    'invalid',
    `No free folder for results was found beside ${first}: clear some away, or choose one with --output.`,
  )
}

async function isFree(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT'
  }
}

/** Where the results of the next run go: `first` without the number that an earlier run needed. */
export function withoutNumber(folder: string, jobName: string): string {
  const plain = folder.replace(/-\d+$/, '')
  return path.basename(plain) === fileNameOf(jobName) ? plain : folder
}

/** A name as a folder name on every system. */
function fileNameOf(name: string): string {
  const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+|[.-]+$/g, '')
  return safe === '' ? 'job' : safe.slice(0, 100)
}
