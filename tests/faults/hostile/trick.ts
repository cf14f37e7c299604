import type { AuthContext, Connection, SFTPWrapper, ServerChannel } from 'ssh2'
import type { SaidKind } from './said.ts'
import type { VirtualEntry } from './virtual-tree.ts'

/** Where tricks try to write; a name of its own, so that no other test can be taken for them. */
export const escapePath = '/tmp/sublet-hostile-escape'

/** What the engine's code does with the machine while the trick is played. */
export type Deed =
  | 'connect'
  | 'exec'
  | 'forward'
  | 'lease'
  | 'list'
  | 'log'
  | 'metrics'
  | 'probe'
  | 'receive'
  | 'send'
  | 'status'

/** One command of the engine that has arrived; `finish` ends it with an exit code. */
export interface Asked {
  readonly kind: SaidKind
  readonly command: string
  readonly channel: ServerChannel
  readonly finish: (code?: number) => void
}

export interface AskedRead {
  readonly sftp: SFTPWrapper
  readonly id: number
  readonly offset: number
  readonly length: number
}

type Bytes = Buffer | Iterable<Buffer> | AsyncIterable<Buffer>

/** How a machine lies. What is left out is answered as an honest machine with these files would. */
export interface Trick {
  /** `receive` by default. */
  readonly deed?: Deed
  /** `refused` must fail with a sentence, `done` must succeed; either by default. */
  readonly ends?: 'refused' | 'done'
  /** A sentence of ours (an error or a warning) must say this. */
  readonly says?: RegExp
  /** Files that must be at home afterwards all the same. */
  readonly comes?: readonly string[]
  /** How long the deed may take before it is given up by hand; then it must let go at once. */
  readonly patienceMs?: number
  /** Ends by patience: the engine can only wait, and must be able to let go. */
  readonly waits?: true
  /** Part of `npm test` as well. */
  readonly seed?: true
  readonly entries?: readonly VirtualEntry[]
  readonly listing?: Bytes
  readonly stats?: (asked: readonly string[]) => Bytes
  readonly hashes?: (asked: readonly string[]) => Bytes
  readonly tar?: () => Bytes
  /** True when it has answered. */
  readonly answer?: (asked: Asked) => boolean
  readonly read?: (asked: AskedRead) => boolean
  readonly login?: (context: AuthContext, connection: Connection) => void
  readonly connected?: (connection: Connection) => void
  readonly forward?: (accept: () => ServerChannel) => void
}

export type Tricks = Readonly<Record<string, Trick>>
