/**
 * When a log reached which size, from the machine's own samples: (time, bytes) pairs in order, of
 * which only those are kept where the size had changed.
 */
export class LogTimes {
  #at: number[] = []
  #bytes: number[] = []
  #lastAt = 0

  clear(): void {
    this.#at = []
    this.#bytes = []
    this.#lastAt = 0
  }

  /** Takes the next sample. A clock that was put back counts as standing still. */
  add(at: number, bytes: number): void {
    this.#lastAt = Math.max(this.#lastAt, at)
    if (bytes > this.timedBytes) {
      this.#at.push(this.#lastAt)
      this.#bytes.push(bytes)
    }
  }

  /** Bytes before this one have a time. */
  get timedBytes(): number {
    return this.#bytes.at(-1) ?? 0
  }

  /** The last sample's time; null before the first. */
  get lastAt(): number | null {
    return this.#lastAt === 0 ? null : this.#lastAt
  }

  /** The second in which a byte was written: the first sample that saw it. Null behind the last. */
  timeOf(offset: number): number | null {
    const index = firstAbove(this.#bytes, offset)
    return this.#at[index] ?? null
  }

  /** The first byte that was written at a time or later; the size seen last, for one behind that. */
  offsetAt(at: number): number {
    // Between two samples the earlier one's size holds.
    let low = 0
    let high = this.#at.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#at[middle] ?? 0) < at) low = middle + 1
      else high = middle
    }
    return low === 0 ? 0 : (this.#bytes[low - 1] ?? 0)
  }
}

function firstAbove(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) > value) high = middle
    else low = middle + 1
  }
  return low
}
