import { randomUUID } from 'node:crypto'
import { link, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { stringify } from 'yaml'
import { type JobFile, jobFileSchema } from '../../../preload/contract/job-file.ts'
import { SubletError } from '../../domain/errors.ts'

/**
 * Writes a job file that a person can read on: keys in the order of the documentation, paths below
 * the file's folder relative to it. An existing file is replaced only with `replace`, else it fails
 * with `conflict`. The file appears whole or not at all.
 */
export async function writeJobFile(
  absolute: string,
  file: JobFile,
  replace: boolean,
): Promise<void> {
  const partial = `${absolute}.${randomUUID().slice(0, 8)}.partial`
  try {
    await writeFile(partial, jobFileText(file, path.dirname(absolute)), { flag: 'wx' })
    if (replace) await rename(partial, absolute)
    else await link(partial, absolute)
  } catch (error) {
    throw refused(absolute, error)
  } finally {
    await rm(partial, { force: true })
  }
}

/** The text of a job file that stands in `folder`. */
export function jobFileText(file: JobFile, folder: string): string {
  const near = relativeTo(file, folder)
  const ordered = Object.fromEntries(
    Object.keys(jobFileSchema.shape).flatMap((key) => {
      const value = near[key as keyof JobFile]
      return value === undefined ? [] : [[key, value]]
    }),
  )
  return stringify(ordered, { lineWidth: 0 })
}

function relativeTo(file: JobFile, folder: string): JobFile {
  const near = (written: string): string => shorter(written, folder)
  const { data } = file
  return {
    ...file,
    ...(file.script === undefined ? {} : { script: near(file.script) }),
    ...(file.code === undefined ? {} : { code: near(file.code) }),
    ...(file.output === undefined ? {} : { output: near(file.output) }),
    ...(data === undefined
      ? {}
      : {
          data:
            typeof data === 'string'
              ? near(data)
              : data.map((item) =>
                  typeof item === 'string' ? near(item) : { ...item, path: near(item.path) },
                ),
        }),
  }
}

/** Relative where the file lies below the folder, so that the folder can be moved and shared. */
function shorter(written: string, folder: string): string {
  if (!path.isAbsolute(written)) return written
  const relative = path.relative(folder, written)
  if (relative === '') return '.'
  return relative.startsWith('..') || path.isAbsolute(relative) ? written : relative
}

function refused(absolute: string, error: unknown): SubletError {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code === 'EEXIST') {
    return new SubletError(
      'conflict',
      `${absolute} exists already: replace it, or choose another name.`,
    )
  }
  return new SubletError(
    code === 'ENOSPC' ? 'disk-full' : 'invalid',
    code === 'ENOENT'
      ? `${absolute} cannot be written: its folder does not exist.`
      : `${absolute} cannot be written (${code}): choose a folder that you may write to.`,
    { nativeCode: code, cause: error },
  )
}
