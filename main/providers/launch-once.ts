/**
 * One launch at a time for a rental, for providers without a launch token: the second caller looks
 * the machine up that the first one has made. One for a provider, as sessions come and go.
 */
export class LaunchOnce {
  readonly #running = new Map<string, Promise<unknown>>()

  /** Runs `work` when no other of the same rental runs; its outcome is the caller's alone. */
  async run<T>(rentalId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#running.get(rentalId)
    const mine = (before ?? Promise.resolve()).then(work, work)
    this.#running.set(rentalId, mine)
    try {
      return await mine
    } finally {
      if (this.#running.get(rentalId) === mine) this.#running.delete(rentalId)
    }
  }
}
