import { SubletError } from './errors.ts'

/** What can be shared: `lost` is aborted once it can no longer be used. */
export interface Connection {
  readonly lost: AbortSignal
  close(): void
}

/** One connection that several callers share; made again once it is lost. */
export class SharedConnection<T extends Connection> {
  #current: Promise<T> | null = null
  #drops = 0

  /**
   * The live connection; else one that `connect` makes. Of several callers at once only one
   * connects. Rejects with what its own `connect` or signal says, and with `unreachable` when it
   * was dropped while it waited for somebody else's.
   */
  async get(signal: AbortSignal, connect: () => Promise<T>): Promise<T> {
    const drops = this.#drops
    while (this.#current !== null) {
      const current = this.#current
      // Somebody else's connection may have failed or been aborted; then this caller makes its own.
      const live = await current.catch(() => null)
      if (drops !== this.#drops) {
        throw new SubletError('unreachable', 'The connection was closed while it was being made.')
      }
      if (live !== null && !live.lost.aborted) return live
      if (this.#current === current) this.#current = null
    }
    signal.throwIfAborted()
    const connecting = connect()
    this.#current = connecting
    try {
      return await connecting
    } catch (error) {
      if (this.#current === connecting) this.#current = null
      throw error
    }
  }

  /** Closes it, also one that is still being made. */
  drop(): void {
    const last = this.#current
    this.#current = null
    this.#drops += 1
    last?.then(
      (connection) => connection.close(),
      () => undefined, // It never opened; its caller has the error.
    )
  }
}
