/** How far a log has been shown, so that a resumed stream repeats and skips nothing. */
export class LogPosition {
  #next: number

  constructor(offset = 0) {
    this.#next = offset
  }

  /** The byte to go on from. */
  get next(): number {
    return this.#next
  }

  /** The part of a piece that is new. A gap is taken as it comes: the engine has no more of it. */
  take(offset: number, bytes: Uint8Array): Uint8Array {
    const known = Math.max(0, this.#next - offset)
    const fresh = bytes.subarray(Math.min(known, bytes.length))
    this.#next = Math.max(this.#next, offset + bytes.length)
    return fresh
  }
}
