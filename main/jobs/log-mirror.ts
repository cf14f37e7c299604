import { mkdir, open, stat, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { formatBytes } from '../domain/format.ts'
import type { StreamRedactor } from '../logging/redactor.ts'

/** What the supervisor lets a log grow to (2 GiB), and what it may be late in noticing. */
export const mostLogBytes = 2 * 2 ** 30 + 64 * 2 ** 20

/**
 * The local copy of a remote log. Its size is the offset at which following goes on, after a cut,
 * a restart or a SIGKILL: bytes are only ever appended, in order, masked without changing length.
 * A machine that ignores the supervisor's limit fills no disk here: at `limitBytes` the copy ends.
 */
export class LogMirror {
  readonly #limitBytes: number
  readonly #file: FileHandle
  readonly #mask: StreamRedactor
  #written: number

  private constructor(file: FileHandle, written: number, mask: StreamRedactor, limitBytes: number) {
    this.#limitBytes = limitBytes
    this.#file = file
    this.#written = written
    this.#mask = mask
  }

  static async open(
    path: string,
    mask: StreamRedactor,
    limitBytes: number = mostLogBytes,
  ): Promise<LogMirror> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const file = await open(path, 'a', 0o600)
    const { size } = await stat(path)
    return new LogMirror(file, size, mask, limitBytes)
  }

  /** Nothing more is taken: there is no use in reading on. */
  get full(): boolean {
    return this.#written >= this.#limitBytes
  }

  /** Says where the log ended, for the log itself and for the job's warnings. */
  get fullSentence(): string {
    return `The log has reached its limit of ${formatBytes(this.#limitBytes)} here and ends; the job goes on.`
  }

  /** Where the remote log is to be read from. Valid until the first `append`. */
  get offset(): number {
    return this.#written
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#write(this.#mask.push(bytes))
  }

  /** Writes what the mask held back, at the end of the log, and closes. */
  async finish(): Promise<void> {
    await this.#write(this.#mask.end())
    await this.#file.sync()
    await this.#file.close()
  }

  /** Closes without what was held back: it is read again at the next try. */
  async abandon(): Promise<void> {
    await this.#file.close()
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0 || this.full) return
    const fitting = bytes.subarray(0, this.#limitBytes - this.#written)
    await this.#file.appendFile(fitting)
    this.#written += fitting.length
    if (this.full) await this.#file.appendFile(`\nsublet: ${this.fullSentence}\n`)
  }
}
