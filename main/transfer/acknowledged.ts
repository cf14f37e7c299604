/**
 * How far machines have acknowledged the large files that go to them, kept across cut connections
 * by the mark that each partial file carries on its machine. The note beside a partial file says
 * the same, but late; after a restart of this program it is all there is.
 */
export class Acknowledged {
  readonly #offsets = new Map<string, number>()

  /** Everything below is there; 0 where nothing is known. */
  offset(mark: string): number {
    return this.#offsets.get(mark) ?? 0
  }

  reached(mark: string, offset: number): void {
    this.#offsets.set(mark, offset)
  }

  forget(mark: string): void {
    this.#offsets.delete(mark)
  }
}

/** The same for each machine by its id, until that is forgotten. */
export class AcknowledgedByMachine {
  readonly #machines = new Map<string, Acknowledged>()

  of(machineId: string): Acknowledged {
    const known = this.#machines.get(machineId) ?? new Acknowledged()
    this.#machines.set(machineId, known)
    return known
  }

  /** It is gone, and its partial files with it. */
  forget(machineId: string): void {
    this.#machines.delete(machineId)
  }

  /** How many machines are remembered. */
  get size(): number {
    return this.#machines.size
  }
}
