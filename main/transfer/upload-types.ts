import type { Machine } from '../machine/machine.ts'
import type { RemoteItem } from './receive-types.ts'

/** Parts begin at multiples of it: dd skips blocks of a file without reading them. */
export const partBlockBytes = 2 ** 20

/** A file on the machine, or a part of it, and where it may send it. `url` is a secret. */
export interface Upload {
  readonly item: RemoteItem
  /** Null for the whole file; `offset` is a multiple of `partBlockBytes`. */
  readonly part: { readonly offset: number; readonly bytes: number } | null
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** What the other side said to one upload: an HTTP status, 0 for none, and its own code. */
export interface UploadAnswer {
  readonly status: number
  readonly code: string
}

/** What an upload needs of a machine. */
export type Uploader = Pick<Machine, 'exec' | 'home' | 'label'>
