import type { Clock } from '../../domain/clock.ts'

export interface Pace {
  /** One request in this time, on average. */
  readonly everyMs: number
  /** So many may go at once after a rest. */
  readonly burst: number
}

/**
 * Holds requests back so that a provider's documented limit is kept: a leaky bucket, in the order
 * of the calls. One for all sessions of an account, which the provider counts together.
 */
export class Pacer {
  readonly #clock: Clock
  readonly #pace: Pace
  /** When the bucket will be empty, epoch ms. */
  #emptyAt = 0
  /** When it was asked last, epoch ms. */
  #askedAt = 0

  constructor(clock: Clock, pace: Pace) {
    this.#clock = clock
    this.#pace = pace
  }

  /** Resolves when the next request may go. Fails with an AbortError when told to stop. */
  async turn(signal: AbortSignal): Promise<void> {
    const { everyMs, burst } = this.#pace
    const now = this.#clock.now()
    // What was reckoned before the clock was set back says nothing of now.
    const emptyAt = now < this.#askedAt ? now : Math.max(this.#emptyAt, now)
    this.#askedAt = now
    this.#emptyAt = emptyAt + everyMs
    const waitMs = emptyAt - now - (burst - 1) * everyMs
    if (waitMs > 0) await this.#clock.sleep(waitMs, signal)
  }
}

/** The pacers of a provider, one an account and group of requests, for as long as the engine lives. */
export class Pacers {
  readonly #pace: Pace
  readonly #byAccount = new Map<string, Pacer>()

  constructor(pace: Pace) {
    this.#pace = pace
  }

  of(accountId: string, clock: Clock): Pacer {
    const known = this.#byAccount.get(accountId)
    if (known !== undefined) return known
    const pacer = new Pacer(clock, this.#pace)
    this.#byAccount.set(accountId, pacer)
    return pacer
  }
}
