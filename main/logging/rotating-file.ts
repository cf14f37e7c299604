import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'

/** A log file for the owner only that starts anew at `maxBytes`; the last one is kept as `.1`. */
export class RotatingFile {
  readonly #path: string
  readonly #maxBytes: number
  #fd: number
  #sizeBytes: number

  constructor(path: string, maxBytes: number) {
    this.#path = path
    this.#maxBytes = maxBytes
    this.#fd = openSync(path, 'a', 0o600)
    this.#sizeBytes = fstatSync(this.#fd).size
  }

  /** Writes at once, so that the last words before a crash are there. */
  write(line: string): void {
    if (this.#sizeBytes >= this.#maxBytes) this.#rotate()
    this.#sizeBytes += writeSync(this.#fd, line)
  }

  close(): void {
    closeSync(this.#fd)
  }

  #rotate(): void {
    closeSync(this.#fd)
    renameSync(this.#path, `${this.#path}.1`)
    this.#fd = openSync(this.#path, 'a', 0o600)
    this.#sizeBytes = 0
  }
}
