import { open, readFile, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { SubletError } from '../domain/errors.ts'
import { forEachLimited, systemCode } from './files.ts'
import type { FrozenFile, FrozenManifest } from './frozen.ts'
import { localPath, showPath, type PathBytes } from './path-bytes.ts'

const FILES_AT_ONCE = 8

/** A file that should be sent is not any more what it was when it was chosen. `input-…` by its code. */
export class SourceMovedError extends SubletError {
  /** As the manifest names it. */
  readonly path: PathBytes

  constructor(
    code: 'input-missing' | 'input-changed',
    path: PathBytes,
    sentence: string,
    cause?: unknown,
  ) {
    const extras = cause === undefined ? {} : { nativeCode: systemCode(cause), cause }
    super(code, `${showPath(path)} ${sentence}`, extras)
    this.path = path
  }
}

/** The file of a manifest went away, or may not be read any more. */
export function inputMissing(root: string, path: PathBytes, cause: unknown): SourceMovedError {
  return new SourceMovedError(
    'input-missing',
    path,
    `in ${root} disappeared or cannot be read any more; put it back or remove it from the inputs, and submit again.`,
    cause,
  )
}

/** The file of a manifest has another content than it had. */
export function inputChanged(root: string, path: PathBytes): SourceMovedError {
  return new SourceMovedError(
    'input-changed',
    path,
    `in ${root} changed after the job was submitted; restore it, or submit the job again to use the new content.`,
  )
}

/** Where a blob lives inside the store. */
export function blobPath(store: string, sha256: string): string {
  return join(store, sha256.slice(0, 2), sha256)
}

/** Where the content of a frozen file is read from. */
export function sourcePath(frozen: FrozenManifest, file: FrozenFile): string | Buffer {
  return file.source === 'blob'
    ? blobPath(frozen.store, file.sha256)
    : localPath(frozen.root, file.at ?? file.path)
}

/** Does something with the source of a file; rejects with `input-missing` where it cannot be read. */
export async function fromSource<T>(
  frozen: FrozenManifest,
  file: FrozenFile,
  use: (path: string | Buffer) => Promise<T>,
): Promise<T> {
  try {
    return await use(sourcePath(frozen, file))
  } catch (error) {
    // Whoever stopped it, or has put it into words, is not the file.
    if (!(error instanceof Error) || !('syscall' in error)) throw error
    throw inputMissing(file.source === 'blob' ? frozen.store : frozen.root, file.path, error)
  }
}

/** The whole content; `input-missing`, or `input-changed` where its size is another. */
export async function readSource(frozen: FrozenManifest, file: FrozenFile): Promise<Buffer> {
  const content = await fromSource(frozen, file, (path) => readFile(path))
  if (content.length !== file.size) throw inputChanged(frozen.root, file.path)
  return content
}

/** Opens it for reading; `input-missing`. */
export async function openSource(frozen: FrozenManifest, file: FrozenFile): Promise<FileHandle> {
  return await fromSource(frozen, file, (path) => open(path, 'r'))
}

/** Checks before sending that every source is still there and as it was; cheap, no content read. */
export async function checkSources(
  frozen: FrozenManifest,
  files: readonly FrozenFile[],
): Promise<void> {
  await forEachLimited(files, FILES_AT_ONCE, async (file) => {
    const { size, mtimeMs } = await fromSource(frozen, file, (path) => stat(path))
    const moved = file.source === 'file' && Math.floor(mtimeMs) !== file.mtimeMs
    if (size !== file.size || moved) throw inputChanged(frozen.root, file.path)
  })
}
