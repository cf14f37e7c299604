import type { Stats } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { JobFile } from '../../../preload/contract/job-file.ts'
import { SubletError } from '../../domain/errors.ts'
import { nearest } from '../../domain/nearest.ts'
import { namesBeside } from './names-beside.ts'
import { mostJobFileBytes, parseJobFile, tooLong } from './parse-job-file.ts'

/** A pipe or device would be waited for without end. Folders pass: reading them says so. */
async function requireRegular(absolute: string, shown: string): Promise<Stats> {
  const found = await stat(absolute)
  if (found.isFile() || found.isDirectory()) return found
  throw new SubletError(
    'invalid',
    `${shown} is a pipe, socket or device: name a job file that is a regular file.`,
  )
}

export interface ReadJobFile {
  readonly file: JobFile
  /** The file's folder: relative paths in it start here. */
  readonly baseDir: string
}

/** Reads a job file from disk. `shown` is its name in messages; errors as `parseJobFile`. */
export async function readJobFile(absolute: string, shown = absolute): Promise<ReadJobFile> {
  let bytes: Buffer
  try {
    const { size } = await requireRegular(absolute, shown)
    if (size > mostJobFileBytes) throw tooLong(shown)
    bytes = await readFile(absolute)
  } catch (error) {
    if (error instanceof SubletError) throw error
    const code = (error as NodeJS.ErrnoException).code ?? ''
    const near = nearest(path.basename(absolute), await namesBeside(absolute))
    throw new SubletError(
      'input-missing',
      code === 'EISDIR'
        ? `${shown} is a folder: name its sublet.yaml, or run it with --script ${shown}.`
        : code === 'ENOENT'
          ? `The job file ${shown} does not exist${near === undefined ? ': check the path.' : `; did you mean "${near}"?`}`
          : `The job file ${shown} cannot be read (${code}): check its permissions.`,
      { nativeCode: code, cause: error },
    )
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new SubletError('invalid', `${shown} is not UTF-8 text: save it as UTF-8.`, {
      cause: error,
    })
  }
  return { file: parseJobFile(text, shown), baseDir: path.dirname(absolute) }
}
