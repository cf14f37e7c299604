import type { Billable, RentalId } from '../../../preload/contract/rental.ts'

/** A provider's list, as far as it matters here. */
interface Answer {
  /** When it was asked for, counted in receipts. */
  readonly revision: number
  readonly rows: readonly Pick<Billable, 'rentalId'>[]
}

/**
 * Which machines had their receipt after a provider was asked: what its answer says of them was true
 * before. Counted in receipts, so that no clock matters. A receipt is remembered as long as an
 * answer from before it shows its machine, or is still under way.
 */
export class ReceiptMarks {
  #revision = 0
  readonly #releasedAt = new Map<RentalId, number>()
  readonly #asking = new Set<{ readonly revision: number }>()

  released(id: RentalId): void {
    this.#revision += 1
    this.#releasedAt.set(id, this.#revision)
  }

  /** Runs a question that is told the revision at which it is asked. */
  async ask<T>(question: (revision: number) => Promise<T>): Promise<T> {
    const asking = { revision: this.#revision }
    this.#asking.add(asking)
    try {
      return await question(asking.revision)
    } finally {
      this.#asking.delete(asking)
    }
  }

  /** Whether an answer of that revision is older than the machine's receipt. */
  isBefore(revision: number, id: RentalId): boolean {
    return (this.#releasedAt.get(id) ?? 0) > revision
  }

  /** Forgets what none of these answers, nor one under way, can be wrong about. */
  prune(answers: readonly Answer[]): void {
    for (const [id, releasedAt] of this.#releasedAt) {
      const isAsked = [...this.#asking].some(({ revision }) => revision < releasedAt)
      const isShown = answers.some(
        ({ revision, rows }) =>
          revision < releasedAt && rows.some(({ rentalId }) => rentalId === id),
      )
      if (!isAsked && !isShown) this.#releasedAt.delete(id)
    }
  }

  /** How many receipts are remembered. */
  get size(): number {
    return this.#releasedAt.size
  }
}
