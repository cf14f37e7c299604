import { createHash, randomUUID } from 'node:crypto'
import {
  chmod,
  constants,
  copyFile,
  lstat,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
} from 'node:fs/promises'
import { join } from 'node:path'
import { SubletError } from '../domain/errors.ts'
import { forEachLimited, hashFile, systemCode } from './files.ts'
import type { FrozenEntry, FrozenFile, FrozenManifest } from './frozen.ts'
import type { FileEntry, Manifest } from './manifest.ts'
import { localPath } from './path-bytes.ts'
import { blobPath, inputChanged, inputMissing } from './sources.ts'

/** Up to this size a file is copied into the store; above, it is pinned by its hash. */
export const COPIED_UP_TO_BYTES = 16 * 1024 * 1024

const FILES_AT_ONCE = 8

export interface FreezeOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (done: { readonly files: number; readonly bytes: number }) => void
}

async function freezeSmall(
  manifest: Manifest,
  store: string,
  file: FileEntry,
): Promise<FrozenFile> {
  const incoming = join(store, `incoming-${randomUUID()}`)
  try {
    await copyFile(localPath(manifest.root, file.path), incoming, constants.COPYFILE_FICLONE)
    // The copy is hashed, not the original, so that blob and hash agree whatever writes meanwhile.
    const content = await readFile(incoming)
    const sha256 = createHash('sha256').update(content).digest('hex')
    const blob = blobPath(store, sha256)
    const known = await stat(blob).then(
      (found) => found.size === content.length,
      () => false,
    )
    if (!known) {
      await mkdir(join(store, sha256.slice(0, 2)), { recursive: true, mode: 0o700 })
      // What others may do with the original is in the manifest; the copy is the user's alone.
      await chmod(incoming, 0o600)
      await rename(incoming, blob)
    }
    return { ...file, size: content.length, sha256, source: 'blob' }
  } finally {
    await rm(incoming, { force: true })
  }
}

async function freezeLarge(
  manifest: Manifest,
  file: FileEntry,
  signal?: AbortSignal,
): Promise<FrozenFile> {
  const path = localPath(manifest.root, file.path)
  const before = await lstat(path)
  const sha256 = await hashFile(path, signal)
  const after = await lstat(path)
  if (before.size !== after.size || before.mtimeMs !== after.mtimeMs)
    throw inputChanged(manifest.root, file.path)
  return { ...file, size: after.size, mtimeMs: Math.floor(after.mtimeMs), sha256, source: 'file' }
}

/**
 * Pins the inputs by content: small files are copied into `store`, larger ones stay in place with
 * their hash, so that a retry runs the same code and data. Rejects with `input-missing`,
 * `input-changed` (a large file written while it was read) or `disk-full`.
 */
export async function freeze(
  manifest: Manifest,
  store: string,
  options: FreezeOptions = {},
): Promise<FrozenManifest> {
  await mkdir(store, { recursive: true, mode: 0o700 })
  const entries: FrozenEntry[] = manifest.entries.map((entry) =>
    entry.kind === 'file' ? { ...entry, sha256: '', source: 'file' } : entry,
  )
  let files = 0
  let bytes = 0
  await forEachLimited(manifest.entries.entries(), FILES_AT_ONCE, async ([index, entry]) => {
    if (entry.kind !== 'file') return
    options.signal?.throwIfAborted()
    try {
      entries[index] =
        entry.size <= COPIED_UP_TO_BYTES
          ? await freezeSmall(manifest, store, entry)
          : await freezeLarge(manifest, entry, options.signal)
    } catch (error) {
      if (systemCode(error) === 'ENOSPC') {
        throw new SubletError(
          'disk-full',
          `The disk of ${store} is full, so the inputs could not be kept; free some space and submit again.`,
          { nativeCode: 'ENOSPC', cause: error },
        )
      }
      throw systemCode(error) === '' ? error : inputMissing(manifest.root, entry.path, error)
    }
    files += 1
    bytes += entry.size
    options.onProgress?.({ files, bytes })
  })
  return { version: 1, root: manifest.root, store, entries }
}
