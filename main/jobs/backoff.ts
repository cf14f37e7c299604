import type { Clock } from '../domain/clock.ts'

export interface BackoffOptions {
  readonly firstMs: number
  readonly maxMs: number
}

/** Growing pauses between tries, in physical time; `reset` after a success. */
export class Backoff {
  readonly #clock: Clock
  readonly #options: BackoffOptions
  #nextMs: number

  constructor(clock: Clock, options: BackoffOptions) {
    this.#clock = clock
    this.#options = options
    this.#nextMs = options.firstMs
  }

  /** Waits, at least `atLeastMs` (a provider's Retry-After); rejects when aborted. */
  async wait(signal: AbortSignal, atLeastMs = 0): Promise<void> {
    const pauseMs = Math.max(this.#nextMs, atLeastMs)
    this.#nextMs = Math.min(this.#nextMs * 2, this.#options.maxMs)
    // Networks recover in physical time, whatever the speed of engine time.
    const perRealMs = 1 / this.#clock.realMs(1)
    await this.#clock.sleep(pauseMs * perRealMs, signal)
  }

  reset(): void {
    this.#nextMs = this.#options.firstMs
  }
}
