/** A line that shows nothing new for so many bytes is cut there. */
export const longestRowBytes = 16 * 1024

/** Room for the rest of a UTF-8 character behind the cut. */
const characterRoom = 3

const newline = 0x0a
const carriageReturn = 0x0d

/**
 * Finds where the rows of a log begin, whatever pieces it arrives in. A row ends at a newline, or
 * where `longestRowBytes` have come without newline or carriage return (a progress bar, which
 * returns all the time, stays one row). Cuts fall between UTF-8 characters.
 */
export class RowSplitter {
  /** Bytes seen. */
  #seen: number
  #rowStart: number
  /** From where on the bytes of the row count towards its longest. */
  #fresh: number
  /** The last bytes of the piece before: a cut may fall there. */
  readonly #tail = new Uint8Array(characterRoom)

  /** Starts at the beginning of a row. */
  constructor(offset = 0) {
    this.#seen = offset
    this.#rowStart = offset
    this.#fresh = offset
  }

  get seenBytes(): number {
    return this.#seen
  }

  /** Where the row begins that has not ended yet. */
  get openRowStart(): number {
    return this.#rowStart
  }

  /** Takes the next bytes and calls `ended` with begin and end of each row that they end. */
  push(
    bytes: Buffer,
    ended: (start: number, end: number, continues: boolean) => void,
    limit = bytes.length,
  ): void {
    const base = this.#seen
    let at = 0
    while (at < limit) {
      const found = bytes.indexOf(newline, at)
      const end = found < 0 || found >= limit ? limit : found
      if (base + end - this.#fresh > longestRowBytes + characterRoom) {
        this.#cut(bytes, base, at, end, ended)
      }
      if (end === limit && (found < 0 || found >= limit)) {
        // What comes later must know of the last return in here.
        const from = Math.max(at, this.#fresh - base)
        const last = end > from ? bytes.lastIndexOf(carriageReturn, end - 1) : -1
        if (last >= from) this.#fresh = base + last + 1
        break
      }
      const next = base + found + 1
      ended(this.#rowStart, next, false)
      this.#rowStart = next
      this.#fresh = next
      at = found + 1
    }
    for (let back = characterRoom; back > 0; back -= 1) {
      const index = limit - back
      this.#tail[characterRoom - back] =
        index >= 0 ? (bytes[index] ?? 0) : (this.#tail[characterRoom + index] ?? 0)
    }
    this.#seen = base + limit
  }

  #cut(
    bytes: Buffer,
    base: number,
    from: number,
    end: number,
    ended: (start: number, end: number, continues: boolean) => void,
  ): void {
    while (base + end - this.#fresh > longestRowBytes + characterRoom) {
      const window = this.#fresh + longestRowBytes - base
      const lowest = Math.max(from, this.#fresh - base)
      const last = window > lowest ? bytes.lastIndexOf(carriageReturn, window - 1) : -1
      if (last >= lowest) {
        this.#fresh = base + last + 1
        continue
      }
      let cut = window
      while (cut < window + characterRoom && (this.#byte(bytes, cut) & 0xc0) === 0x80) cut += 1
      ended(this.#rowStart, base + cut, true)
      this.#rowStart = base + cut
      this.#fresh = base + cut
    }
  }

  #byte(bytes: Buffer, index: number): number {
    return (index < 0 ? this.#tail[characterRoom + index] : bytes[index]) ?? 0
  }
}
