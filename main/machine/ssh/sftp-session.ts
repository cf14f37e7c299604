import type { Client, SFTPWrapper } from 'ssh2'
import { SubletError } from '../../domain/errors.ts'
import type { SessionSlots } from './session-slots.ts'
import type { SftpContext } from './sftp-file.ts'

/** The one SFTP session of a connection: opened when first needed, again after it has died. */
export class SftpSession {
  readonly #client: Client
  readonly #slots: SessionSlots
  readonly #label: string
  readonly #ended: AbortSignal
  #current: Promise<SftpContext> | null = null
  /** Whether the server knows how to rename over an existing file; set by the first `get`. */
  canRenameOver = false

  constructor(client: Client, slots: SessionSlots, label: string, ended: AbortSignal) {
    this.#client = client
    this.#slots = slots
    this.#label = label
    this.#ended = ended
  }

  /** Fails with `unreachable`, or `unsupported` where the server has no SFTP. */
  async get(signal?: AbortSignal): Promise<SftpContext> {
    signal?.throwIfAborted()
    this.#ended.throwIfAborted()
    this.#current ??= this.#open()
    return await this.#current
  }

  async #open(): Promise<SftpContext> {
    const release = await this.#slots.acquire(this.#ended)
    const forget = (): void => {
      this.#current = null
      release()
    }
    try {
      const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
        this.#client.sftp((error, session) => {
          if (error === undefined) resolve(session)
          else reject(error)
        })
      })
      sftp.on('error', () => undefined)
      this.canRenameOver = knowsPosixRename(sftp)
      const dead = new AbortController()
      const die = (reason: unknown): void => {
        forget()
        dead.abort(reason)
      }
      sftp.once('end', () => die(this.#endedAlone()))
      this.#ended.addEventListener('abort', () => die(this.#ended.reason), { once: true })
      return { sftp, label: this.#label, ended: dead.signal }
    } catch (error) {
      forget()
      if (this.#ended.aborted) throw this.#ended.reason
      throw new SubletError(
        'unsupported',
        `${this.#label} offers no file transfer (SFTP); switch on the sftp subsystem of its SSH server.`,
        { nativeCode: error instanceof Error ? error.message : String(error), cause: error },
      )
    }
  }

  #endedAlone(): SubletError {
    if (this.#ended.aborted) return this.#ended.reason as SubletError
    return new SubletError(
      'unreachable',
      `${this.#label} ended the file connection; Sublet will open it again.`,
    )
  }
}

/** ssh2 keeps what the server announced in a private field, and throws where it is missing. */
function knowsPosixRename(sftp: SFTPWrapper): boolean {
  const { _extensions: extensions } = sftp as { _extensions?: Readonly<Record<string, string>> }
  return extensions?.['posix-rename@openssh.com'] === '1'
}
