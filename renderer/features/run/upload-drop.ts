import { SubletError } from '../../../main/domain/errors.ts'
import { formatBytes } from '../../../main/domain/format.ts'
import type { Engine } from '../../engine.ts'
import type { DroppedFile, DropSource } from './drop-source.ts'

const mostFiles = 20_000

/** Copies a drop into the home, piece by piece; answers the paths of what was dropped, top level. */
export async function uploadDrop(
  api: Engine['api'],
  source: DropSource,
  onProgress: (bytes: number, totalBytes: number) => void,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const files = await readable(source)
  const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const { dropId, pieceBytes, limitBytes } = await api.files.dropBegin({}, { signal })
  let done = 0
  try {
    if (totalBytes > limitBytes) throw tooMuch(totalBytes, limitBytes)
    onProgress(0, totalBytes)
    for (const file of files) {
      // An empty file needs its one empty piece.
      for (let offset = 0; offset === 0 || offset < file.bytes; offset += pieceBytes) {
        const bytes = await pieceOf(file, offset, pieceBytes)
        await api.files.dropWrite({ dropId, path: file.path, offset, bytes }, { signal })
        done += Math.min(pieceBytes, file.bytes - offset)
        onProgress(done, totalBytes)
      }
    }
  } catch (thrown) {
    // The half copy is of no use; should this fail too, the engine removes it after a week.
    await api.files.dropFinish({ dropId, keep: false }).catch(() => undefined)
    throw thrown
  }
  return (await api.files.dropFinish({ dropId, keep: true }, { signal })).paths
}

async function readable(source: DropSource): Promise<readonly DroppedFile[]> {
  let files: readonly DroppedFile[]
  try {
    files = await source.files()
  } catch (cause) {
    throw new SubletError(
      'input-missing',
      'The browser could not read what was dropped: choose it by its path instead.',
      { cause },
    )
  }
  if (files.length === 0) {
    throw new SubletError(
      'input-missing',
      'There is no file in what was dropped: drop a script, a folder, data or a sublet.yaml.',
    )
  }
  if (files.length > mostFiles) {
    throw new SubletError(
      'invalid',
      `More than ${mostFiles.toLocaleString('en')} files cannot be dropped on a page in the browser: choose their folder by its path instead, which copies nothing.`,
    )
  }
  return files
}

async function pieceOf(file: DroppedFile, offset: number, pieceBytes: number): Promise<string> {
  let piece: ArrayBuffer
  try {
    piece = await file.slice(offset, Math.min(file.bytes, offset + pieceBytes))
  } catch (cause) {
    throw new SubletError(
      'input-changed',
      `${file.path} changed or went away while it was copied: drop it again.`,
      { cause },
    )
  }
  return base64(new Uint8Array(piece))
}

const stride = 32_768

function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += stride) {
    text += String.fromCharCode(...bytes.subarray(at, at + stride))
  }
  return btoa(text)
}

function tooMuch(totalBytes: number, limitBytes: number): SubletError {
  return new SubletError(
    'invalid',
    `${formatBytes(totalBytes)} were dropped, and a page in the browser takes at most ${formatBytes(limitBytes)}: choose it by its path instead, which copies nothing.`,
  )
}
