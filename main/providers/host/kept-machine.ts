import type { Machine } from '../../machine/machine.ts'

/** A connection that is kept for the next question for a while, and closed when none comes. */
export class KeptMachine {
  readonly #connect: (signal: AbortSignal) => Promise<Machine>
  readonly #keepMs: number
  #current: Promise<Machine> | null = null
  #users = 0
  #timer: NodeJS.Timeout | undefined

  constructor(connect: (signal: AbortSignal) => Promise<Machine>, keepMs: number) {
    this.#connect = connect
    this.#keepMs = keepMs
  }

  /** Runs `work` on the connection; makes one where there is none, or the last one was lost. */
  async use<T>(signal: AbortSignal, work: (machine: Machine) => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    clearTimeout(this.#timer)
    this.#users += 1
    try {
      return await work(await this.#machine(signal))
    } finally {
      this.#users -= 1
      if (this.#users === 0) this.#closeLater()
    }
  }

  async #machine(signal: AbortSignal): Promise<Machine> {
    while (this.#current !== null) {
      const current = this.#current
      // Somebody else's connection may have failed or been aborted; then this caller makes its own.
      const live = await current.catch(() => null)
      if (live !== null && !live.lost.aborted) return live
      if (this.#current === current) this.#current = null
    }
    const connecting = this.#connect(signal)
    this.#current = connecting
    try {
      return await connecting
    } catch (error) {
      if (this.#current === connecting) this.#current = null
      throw error
    }
  }

  #closeLater(): void {
    this.#timer = setTimeout(() => {
      const last = this.#current
      this.#current = null
      last?.then(
        (machine) => machine.close(),
        () => undefined, // It never opened; its caller has the error.
      )
    }, this.#keepMs)
    // A kept connection must not keep the program alive.
    this.#timer.unref()
  }
}
