const newline = 0x0a

/** Cuts a byte stream into lines of at most `maxBytes`. */
export class LineSplitter {
  readonly #maxBytes: number
  #parts: Buffer[] = []
  #heldBytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Hands over each complete line, without its newline; answers why the stream is unusable, or null. */
  push(chunk: Buffer, onLine: (line: Buffer) => void): string | null {
    let start = 0
    for (;;) {
      const at = chunk.indexOf(newline, start)
      const part = chunk.subarray(start, at === -1 ? undefined : at)
      this.#heldBytes += part.length
      if (this.#heldBytes > this.#maxBytes) {
        this.#parts = []
        return `the peer sent a message of more than ${this.#maxBytes} bytes`
      }
      if (part.length > 0) this.#parts.push(part)
      if (at === -1) return null
      const line =
        this.#parts.length === 1 && this.#parts[0] ? this.#parts[0] : Buffer.concat(this.#parts)
      this.#parts = []
      this.#heldBytes = 0
      onLine(line)
      start = at + 1
    }
  }
}
