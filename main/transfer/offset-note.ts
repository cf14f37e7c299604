import type { RemoteFile } from '../machine/machine.ts'

const REMEMBER_EVERY_BYTES = 4 * 1024 * 1024

/** Writes down, beside the partial file, its mark and how far it is complete; one write at a time. */
export class OffsetNote {
  readonly #note: RemoteFile
  readonly #mark: string
  #wanted: number
  #written: number
  #busy: Promise<void> | null = null

  /** Writes at once: without its mark, a partial file is not known again. */
  constructor(note: RemoteFile, mark: string, start: number) {
    this.#note = note
    this.#mark = mark
    this.#wanted = start
    this.#written = start
    this.#begin(start)
  }

  reached(offset: number): void {
    this.#wanted = offset
    if (this.#busy === null && offset - this.#written >= REMEMBER_EVERY_BYTES) this.#begin(offset)
  }

  async close(): Promise<void> {
    await this.#busy
    try {
      await this.#write(this.#wanted)
    } finally {
      // On a full disk the write fails, and the handle would keep the machine's disk busy.
      await this.#note.close()
    }
  }

  #begin(offset: number): void {
    this.#busy = this.#write(offset)
      .catch(() => undefined) // A lost note only means sending more again.
      .finally(() => {
        this.#busy = null
        // What was reached meanwhile, at once: every late note is sent again after a restart.
        this.reached(this.#wanted)
      })
  }

  async #write(offset: number): Promise<void> {
    this.#written = offset
    await this.#note.write(0, Buffer.from(`${String(offset).padStart(16, '0')} ${this.#mark}`))
  }
}
