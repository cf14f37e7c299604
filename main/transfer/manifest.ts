import { type PathBytes } from './path-bytes.ts'

interface EntryBase {
  readonly path: PathBytes
  /** Permission bits only (0–0o7777). */
  readonly mode: number
  /** Epoch milliseconds; only whole seconds survive the way to a machine and back. */
  readonly mtimeMs: number
}
export interface FileEntry extends EntryBase {
  readonly kind: 'file'
  readonly size: number
}
export interface DirEntry extends EntryBase {
  readonly kind: 'dir'
}
export interface LinkEntry extends EntryBase {
  readonly kind: 'symlink'
  /** As written in the link, raw bytes. */
  readonly target: PathBytes
}
export type Entry = FileEntry | DirEntry | LinkEntry

/** A folder's (or one file's) content as found, parents before children; no content read yet. */
export interface Manifest {
  /** Absolute local folder that the paths are relative to. */
  readonly root: string
  readonly entries: readonly Entry[]
}

/** Something that stays at home on purpose. */
export interface Excluded {
  readonly path: PathBytes
  readonly bytes: number
  /** The rule in words, for instance `.gitignore: *.ckpt`. */
  readonly why: string
}

/** Something that could not go as it is; the sentence says what and why. */
export interface TransferWarning {
  readonly path: PathBytes
  readonly sentence: string
}
