import { isUtf8 } from 'node:buffer'
import { resolve, sep } from 'node:path'

/**
 * A relative path as its raw bytes, one character (U+0000–U+00FF) per byte, components joined by
 * `/`; the empty string is the root itself. Names are bytes on the systems that matter, and a
 * UTF-8 string cannot hold all of them; this form can, and still serves as a Map key.
 */
export type PathBytes = string & { readonly __pathBytes: true }

export const ROOT = '' as PathBytes

/** Takes raw bytes as the system gave them. */
export function pathFromBuffer(bytes: Uint8Array): PathBytes {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
    'latin1',
  ) as PathBytes
}

/** Takes a path written as text, for instance `results/loss.csv`. */
export function pathFromText(text: string): PathBytes {
  return pathFromBuffer(Buffer.from(text, 'utf8'))
}

export function pathToBuffer(path: PathBytes): Buffer {
  return Buffer.from(path, 'latin1')
}

/** The path as text where it is UTF-8, else null: such names cannot pass through ssh2's SFTP. */
export function pathAsText(path: PathBytes): string | null {
  const bytes = pathToBuffer(path)
  return isUtf8(bytes) ? bytes.toString('utf8') : null
}

/**
 * For messages: control characters, marks of writing direction and stray bytes appear as escapes,
 * so that they are inert.
 */
export function showPath(path: PathBytes): string {
  return (pathAsText(path) ?? path).replaceAll(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}

/** The same, with the middle left out where it is long. */
export function shortPath(path: PathBytes): string {
  if (path.length <= 200) return showPath(path)
  const [start, end] = [path.slice(0, 120), path.slice(-60)] as [PathBytes, PathBytes]
  return `${showPath(start)}\u2026${showPath(end)}`
}

/** The parent folder; the root's parent is the root. */
export function parentOf(path: PathBytes): PathBytes {
  const cut = path.lastIndexOf('/')
  return (cut < 0 ? '' : path.slice(0, cut)) as PathBytes
}

export function nameOf(path: PathBytes): PathBytes {
  return path.slice(path.lastIndexOf('/') + 1) as PathBytes
}

export function joinPath(parent: PathBytes, name: PathBytes): PathBytes {
  return (parent === '' ? name : name === '' ? parent : `${parent}/${name}`) as PathBytes
}

/** Whether the path stays inside the folder it is joined to: no `..`, no absolute, no NUL. */
export function isSafePath(path: PathBytes): boolean {
  if (path === '' || path.includes('\0') || path.startsWith('/')) return false
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..')
}

/** The file's place on this computer, as bytes, for node:fs. */
export function localPath(root: string, path: PathBytes): Buffer {
  const base = Buffer.from(resolve(root), 'utf8')
  return path === '' ? base : Buffer.concat([base, Buffer.from(sep), pathToBuffer(path)])
}
