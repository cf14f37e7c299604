import type { Evidence } from '../../preload/contract/rental.ts'
import type { Clock } from '../domain/clock.ts'

/** Collects what was asked and answered, for a receipt. */
export class EvidenceNotes {
  readonly #clock: Clock
  readonly #notes: Evidence = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  note(asked: string, answered: string): void {
    this.#notes.push({ asked, answered, at: this.#clock.now() })
  }

  all(): Evidence {
    return [...this.#notes]
  }
}
