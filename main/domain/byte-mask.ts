const star = 0x2a

/**
 * Replaces secret values in a byte stream by as many stars, so that offsets stay exact and a
 * follower may re-attach anywhere. A value cut by a chunk boundary is found too: the last bytes
 * are held back until it is clear that they begin none.
 */
export class ByteMask {
  readonly #values: readonly Uint8Array[]
  readonly #holdBack: number
  #pending: Uint8Array = new Uint8Array(0)

  /** Values shorter than four characters are not masked: they would hide half the log. */
  constructor(values: readonly string[]) {
    const encoder = new TextEncoder()
    this.#values = values.map((value) => encoder.encode(value)).filter((one) => one.length >= 4)
    this.#holdBack = Math.max(0, ...this.#values.map((one) => one.length - 1))
  }

  /** The bytes that are safe to keep now. */
  push(bytes: Uint8Array): Uint8Array {
    const joined = new Uint8Array(this.#pending.length + bytes.length)
    joined.set(this.#pending)
    joined.set(bytes, this.#pending.length)
    this.#mask(joined)
    const safe = Math.max(0, joined.length - this.#holdBack)
    this.#pending = joined.slice(safe)
    return joined.subarray(0, safe)
  }

  /** What was held back, at the end of the stream. */
  flush(): Uint8Array {
    const rest = this.#pending
    this.#pending = new Uint8Array(0)
    return rest
  }

  #mask(bytes: Uint8Array): void {
    for (const value of this.#values) {
      for (let at = indexOf(bytes, value, 0); at >= 0; at = indexOf(bytes, value, at)) {
        bytes.fill(star, at, at + value.length)
        at += value.length
      }
    }
  }
}

function indexOf(bytes: Uint8Array, value: Uint8Array, from: number): number {
  const first = value[0]
  if (first === undefined) return -1
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (at + value.length > bytes.length) return -1
    let same = 1
    while (same < value.length && bytes[at + same] === value[same]) same += 1
    if (same === value.length) return at
  }
  return -1
}
