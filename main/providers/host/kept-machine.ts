import type { Machine } from '../../machine/machine.ts'
import { SharedConnection } from '../../domain/shared-connection.ts'

/** A connection that is kept for the next question for a while, and closed when none comes. */
export class KeptMachine {
  readonly #connect: (signal: AbortSignal) => Promise<Machine>
  readonly #keepMs: number
  readonly #shared = new SharedConnection<Machine>()
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
      return await work(await this.#shared.get(signal, async () => await this.#connect(signal)))
    } finally {
      this.#users -= 1
      if (this.#users === 0) this.#closeLater()
    }
  }

  #closeLater(): void {
    this.#timer = setTimeout(() => this.#shared.drop(), this.#keepMs)
    // A kept connection must not keep the program alive.
    this.#timer.unref()
  }
}
