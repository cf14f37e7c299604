import { mkdir, open, stat, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { StreamRedactor } from '../logging/redactor.ts'

/**
 * The local copy of a remote log. Its size is the offset at which following goes on, after a cut,
 * a restart or a SIGKILL: bytes are only ever appended, in order, masked without changing length.
 */
export class LogMirror {
  readonly #file: FileHandle
  readonly #mask: StreamRedactor
  #written: number

  private constructor(file: FileHandle, written: number, mask: StreamRedactor) {
    this.#file = file
    this.#written = written
    this.#mask = mask
  }

  static async open(path: string, mask: StreamRedactor): Promise<LogMirror> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const file = await open(path, 'a', 0o600)
    const { size } = await stat(path)
    return new LogMirror(file, size, mask)
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
    if (bytes.length === 0) return
    await this.#file.appendFile(bytes)
    this.#written += bytes.length
  }
}
