/** Shorter pieces say more about round trips than about the line. */
const leastBytes = 4_000_000
const leastRealMs = 5_000

/**
 * Learns the speed of the line from a transfer under way: one that takes hours must not tell it
 * only when it is too late. `learn` gets pieces of some megabytes, with their physical time.
 */
export class LinePace {
  readonly #learn: (bytes: number, realMs: number) => void
  readonly #nowMs: () => number
  #fromBytes = 0
  #fromMs: number

  constructor(
    learn: (bytes: number, realMs: number) => void,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#learn = learn
    this.#nowMs = nowMs
    this.#fromMs = nowMs()
  }

  /** So much has crossed the line by now; fewer bytes than before begin another transfer. */
  travelled(bytes: number): void {
    const nowMs = this.#nowMs()
    const moved = bytes - this.#fromBytes
    const tookMs = nowMs - this.#fromMs
    // Nothing moves before the first byte: that time is not the line's.
    const begins = bytes === 0 || moved < 0
    if (!begins && (moved < leastBytes || tookMs < leastRealMs)) return
    if (!begins) this.#learn(moved, tookMs)
    this.#fromBytes = bytes
    this.#fromMs = nowMs
  }
}
