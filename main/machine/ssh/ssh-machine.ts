import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from 'ssh2'
import { SubletError } from '../../domain/errors.ts'
import type { ExecOptions, ExecResult, Machine, RemoteFile, RemoteProcess } from '../machine.ts'
import { collect } from './exec.ts'
import type { Heard } from './fair-reading.ts'
import { homeAndShell, wrapFor } from './login-shell.ts'
import { shellQuote } from '../../domain/shell-quote.ts'
import { remoteProcess, type ProcessContext } from './remote-process.ts'
import { SessionSlots } from './session-slots.ts'
import { openSftpFile, request } from './sftp-file.ts'
import { SftpSession } from './sftp-session.ts'
import { openTunnel } from './stream.ts'
import { unlessAborted } from './unless-aborted.ts'

export interface SshMachineParts {
  readonly label: string
  readonly client: Client
  readonly heard: Heard
  /** Ends the connection and those of the jumps below it. */
  readonly end: () => void
  readonly another: (signal?: AbortSignal) => Promise<Machine>
  readonly signal: AbortSignal
}

/** sshd allows 10 sessions on a connection; two stay free for what others open on it. */
const sessionsPerConnection = 8

/** Between two tries at a server that refuses a channel although none of ours is open. */
const refusalPausesMs = [20, 50, 100, 200, 400, 800, 1_600]

/** A machine on the other side of an SSH connection. */
export class SshMachine implements Machine {
  readonly label: string
  home = ''
  readonly lost: AbortSignal
  readonly #parts: SshMachineParts
  readonly #slots = new SessionSlots(sessionsPerConnection)
  readonly #ended = new AbortController()
  readonly #lost = new AbortController()
  readonly #sftp: SftpSession
  #wrap: (command: string) => string = (command) => command

  private constructor(parts: SshMachineParts) {
    this.label = parts.label
    this.#parts = parts
    this.lost = this.#lost.signal
    this.#sftp = new SftpSession(parts.client, this.#slots, this.label, this.#ended.signal)
    let reason = ''
    parts.client.on('error', (error) => {
      reason = error.message
    })
    parts.client.once('close', () => this.#onClose(reason))
  }

  /** Takes over a connection that has just logged in, and learns the home folder and shell. */
  static async start(parts: SshMachineParts): Promise<Machine> {
    const machine = new SshMachine(parts)
    try {
      const { home, shell } = await homeAndShell(machine, parts.signal)
      machine.home = home
      machine.#wrap = wrapFor(shell)
    } catch (error) {
      machine.close()
      throw error
    }
    return machine
  }

  get heardBytes(): number {
    return this.#parts.heard.bytes
  }

  async exec(command: string, options: ExecOptions = {}): Promise<ExecResult> {
    return await collect(
      this.label,
      async (signal) => await this.spawn(command, { signal }),
      options,
    )
  }

  async spawn(
    command: string,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<RemoteProcess> {
    const until = eitherOf(signal, this.#ended.signal)
    for (let refusals = 0; ;) {
      const release = await this.#slots.acquire(until)
      try {
        const opening = this.#open(this.#wrap(command), {
          label: this.label,
          ended: this.#ended.signal,
          signal,
          onClose: release,
        })
        return await unlessAborted(opening, until, (late) => late.close())
      } catch (error) {
        // A server with a smaller MaxSessions refuses; then this command waits for its turn.
        const refused = isRefusedChannel(error)
        const mustWait = refused && !this.#slots.shrink()
        release()
        if (!refused || refusals >= refusalPausesMs.length) throw this.#failure(error)
        // sshd counts a session until it has reaped its process, a moment after the channel's end.
        if (mustWait) await pause(refusalPausesMs[refusals++] ?? 0, until)
      }
    }
  }

  async openFile(
    path: string,
    mode: 'read' | 'create' | 'update',
    signal?: AbortSignal,
  ): Promise<RemoteFile> {
    const opening = this.#sftp
      .get(signal)
      .then(async (context) => await openSftpFile(context, this.#absolute(path), mode, signal))
    return await unlessAborted(opening, signal, (late) => void late.close().catch(() => undefined))
  }

  async rename(from: string, to: string, signal?: AbortSignal): Promise<void> {
    const context = await unlessAborted(this.#sftp.get(signal), signal)
    const [source, target] = [this.#absolute(from), this.#absolute(to)]
    if (this.#sftp.canRenameOver) {
      const renaming = request<unknown>(context, 'rename', source, (callback) =>
        context.sftp.ext_openssh_rename(source, target, (error) => callback(error, null)),
      )
      await unlessAborted(renaming, signal)
      return
    }
    const options = signal === undefined ? {} : { signal }
    const moved = await this.exec(`mv -f -- ${shellQuote(source)} ${shellQuote(target)}`, options)
    if (moved.exitCode !== 0) {
      throw new SubletError('invalid', `Cannot rename ${source} on ${this.label}: ${moved.stderr}`)
    }
  }

  async another(signal?: AbortSignal): Promise<Machine> {
    return await this.#parts.another(signal)
  }

  async forward(port: number, signal?: AbortSignal): Promise<Duplex> {
    signal?.throwIfAborted()
    try {
      const opening = openTunnel(this.#parts.client, '127.0.0.1', port).catch(
        async () => await openTunnel(this.#parts.client, '::1', port),
      )
      return await unlessAborted(opening, signal, (late) => late.destroy())
    } catch (error) {
      if (signal?.aborted === true) throw error
      if (!isRefusedChannel(error)) throw this.#failure(error)
      throw new SubletError(
        'unavailable',
        `Nothing answers on port ${port} of ${this.label}; start the service there and try again.`,
        { nativeCode: (error as Error).message, cause: error },
      )
    }
  }

  close(): void {
    if (this.#ended.signal.aborted) return
    this.#ended.abort(
      new SubletError('unreachable', `The connection to ${this.label} has been closed.`),
    )
    this.#parts.end()
  }

  async #open(command: string, context: ProcessContext): Promise<RemoteProcess> {
    return await new Promise((resolve, reject) => {
      this.#parts.client.exec(command, (error, channel) => {
        // At once: a quick server's exit status may come in the same segment as its yes.
        if (error === undefined) resolve(remoteProcess(channel, context))
        else reject(error)
      })
    })
  }

  #absolute(path: string): string {
    return path.startsWith('/') ? path : `${this.home}/${path}`
  }

  #failure(error: unknown): unknown {
    if (this.#ended.signal.aborted) return this.#ended.signal.reason
    if (error instanceof SubletError || isAbort(error)) return error
    const text = error instanceof Error ? error.message : String(error)
    return new SubletError('unreachable', `Cannot run a command on ${this.label}: ${text}.`, {
      nativeCode: text,
      cause: error,
    })
  }

  #onClose(reason: string): void {
    if (this.#ended.signal.aborted) return
    const error = new SubletError(
      'unreachable',
      `Lost the connection to ${this.label}${reason === '' ? '' : ` (${reason})`}; what runs there goes on.`,
      reason === '' ? {} : { nativeCode: reason },
    )
    this.#ended.abort(error)
    this.#lost.abort(error)
    this.#parts.end()
  }
}

function isRefusedChannel(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('(SSH) Channel open failure')
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => signal.throwIfAborted())
}

function eitherOf(one: AbortSignal | undefined, other: AbortSignal): AbortSignal {
  return one === undefined ? other : AbortSignal.any([one, other])
}
