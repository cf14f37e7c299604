import type { Duplex, Readable, Writable } from 'node:stream'

export interface ExecOptions {
  readonly signal?: AbortSignal
  /** Bytes for standard input; the only way by which secrets reach a machine. */
  readonly stdin?: string | Uint8Array
  /** Physical milliseconds until the call fails with `unreachable`; none by default. */
  readonly timeoutMs?: number
}

export interface ExecResult {
  /** Null when a signal ended the command. */
  readonly exitCode: number | null
  /** At most 8 MiB of each; a longer answer fails the call with `invalid`. */
  readonly stdout: string
  readonly stderr: string
}

/** A command with open streams. `exit` settles after both outputs have ended. */
export interface RemoteProcess {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Resolves with the exit code (null on a signal); rejects with `unreachable` on a cut. */
  readonly exit: Promise<number | null>
  /** Closes the channel. A remote command that ignores the hang-up lives on. */
  close(): void
}

/** An open remote file. Offsets and lengths are bytes; calls may overlap (that is the window). */
export interface RemoteFile {
  read(offset: number, length: number): Promise<Uint8Array>
  write(offset: number, bytes: Uint8Array): Promise<void>
  /** Sets size, and times in whole seconds. */
  setStat(stat: {
    readonly size?: number
    readonly mtimeMs?: number
    readonly mode?: number
  }): Promise<void>
  close(): Promise<void>
}

/**
 * A machine we may run commands on and exchange files with. Commands are POSIX sh command lines
 * run by the user's login shell; paths that do not start with `/` are relative to `home`.
 * Errors: `unreachable` when the connection is cut or times out (the effect is then unknown),
 * `not-found`, `permission`, `disk-full` for files. A non-zero exit code is not an error.
 */
export interface Machine {
  /** For messages: `user@host:port`. */
  readonly label: string
  /** Absolute path of the home folder. */
  readonly home: string
  /** What has come from it so far over this connection and those made by `another`, all told. */
  readonly heardBytes: number
  exec(command: string, options?: ExecOptions): Promise<ExecResult>
  spawn(command: string, options?: { readonly signal?: AbortSignal }): Promise<RemoteProcess>
  openFile(
    path: string,
    mode: 'read' | 'create' | 'update',
    signal?: AbortSignal,
  ): Promise<RemoteFile>
  /** Renames over an existing file in one step. */
  rename(from: string, to: string, signal?: AbortSignal): Promise<void>
  /** Another connection to the same machine, for transfers over a long round trip. */
  another(signal?: AbortSignal): Promise<Machine>
  /** A TCP stream to a port on the machine's loopback interface. */
  forward(port: number, signal?: AbortSignal): Promise<Duplex>
  /** Aborted when the connection is lost, with the reason. */
  readonly lost: AbortSignal
  close(): void
}
