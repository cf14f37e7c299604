/**
 * Whose turn it is to tell one machine its lease. Told by two at once, the later end in the journal
 * could be the earlier one on the machine, and the machine's own file could lose one of them.
 */
export class LeaseTurn {
  /** The machine may have been told another end than the journal says: a telling broke off. */
  isUnsure = false
  #last: Promise<unknown> = Promise.resolve()

  /** Runs `work` when all that asked before have ended, well or not. Rejects as `work` does. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work)
    this.#last = mine.catch(() => undefined) // Its own caller hears of it.
    return await mine
  }
}
