import type { Machine } from '../machine/machine.ts'

/**
 * A further connection to a machine, made when it is first needed and again after a cut, so that
 * bulk does not queue before what is followed live. Where the server refuses one, the first serves.
 */
export class OwnConnection {
  readonly #first: Machine
  #own: Machine | null = null

  constructor(first: Machine) {
    this.#first = first
  }

  async get(signal: AbortSignal): Promise<Machine> {
    if (this.#own !== null && !this.#own.lost.aborted) return this.#own
    try {
      this.#own = await this.#first.another(signal)
    } catch {
      signal.throwIfAborted()
      this.#own = null // One connection is all that this server allows.
    }
    return this.#own ?? this.#first
  }

  close(): void {
    this.#own?.close()
    this.#own = null
  }
}
