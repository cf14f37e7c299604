const mostPending = 64 * 1024
const newline = 0x0a

/** Cuts a log that arrives in pieces into whole lines, by bytes, so that no character is torn. */
export class LogLines {
  #pending: Buffer = Buffer.alloc(0)

  /** The lines that are complete now, newlines included. A line without end is cut at 64 KiB. */
  push(bytes: Uint8Array): readonly Buffer[] {
    const joined =
      this.#pending.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#pending, bytes])
    const lines: Buffer[] = []
    let from = 0
    for (let end = joined.indexOf(newline); end >= 0; end = joined.indexOf(newline, from)) {
      lines.push(joined.subarray(from, end + 1))
      from = end + 1
    }
    this.#pending = joined.subarray(from)
    if (this.#pending.length > mostPending) {
      lines.push(this.#pending)
      this.#pending = Buffer.alloc(0)
    }
    return lines
  }

  /** What stands after the last newline. */
  get pending(): Buffer {
    return this.#pending
  }

  /** The same, given up: for the end of the log. */
  take(): Buffer {
    const rest = this.#pending
    this.#pending = Buffer.alloc(0)
    return rest
  }
}

/** What a terminal would show of a line that was rewritten with carriage returns: its last state. */
export function lastRewrite(line: string): string {
  const body = line.replace(/\r?\n$/, '').replace(/\r+$/, '')
  return body.slice(body.lastIndexOf('\r') + 1)
}
