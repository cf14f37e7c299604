/**
 * How many session channels one connection may have open: sshd allows MaxSessions (10 by default)
 * and refuses more, so further ones wait here for their turn.
 */
export class SessionSlots {
  readonly #most: number
  #limit: number
  #active = 0
  readonly #waiting: (() => void)[] = []

  constructor(limit: number) {
    this.#most = limit
    this.#limit = limit
  }

  /** Resolves with a function that gives the slot back (idempotent); rejects when aborted. */
  async acquire(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted()
    if (this.#active >= this.#limit) await this.#turn(signal)
    else this.#active += 1
    let given = false
    return () => {
      if (given) return
      given = true
      this.#active -= 1
      this.#wake()
      // Commands that outlived their channel may have taken the slots; the next burst tries anew.
      if (this.#active === 0) this.#limit = this.#most
    }
  }

  /** The server refused a channel although slots were free: it allows fewer. False when it allows none. */
  shrink(): boolean {
    if (this.#active <= 1) return false
    this.#limit = Math.min(this.#limit, this.#active - 1)
    return true
  }

  async #turn(signal?: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const start = (): void => {
        signal?.removeEventListener('abort', abandon)
        resolve()
      }
      const abandon = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(start), 1)
        reject(signal?.reason as Error)
      }
      this.#waiting.push(start)
      signal?.addEventListener('abort', abandon, { once: true })
    })
  }

  /** Hands free slots on inside this call, so that no newcomer overtakes who waits. */
  #wake(): void {
    while (this.#active < this.#limit) {
      const next = this.#waiting.shift()
      if (next === undefined) return
      this.#active += 1
      next()
    }
  }
}
