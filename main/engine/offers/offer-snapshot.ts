import type { OfferColumn } from '../../../preload/contract/offer-view.ts'
import type { FinishColumn } from '../../domain/offers/finish-cost.ts'
import type { ListedOffer } from '../../domain/offers/listed-offer.ts'
import type { TextVocabulary } from '../../domain/offers/offer-text-words.ts'
import { inBookOrder, sortKeys, sortedPositions } from '../../domain/offers/view-sort.ts'

/** All offers of one revision, in the book's order, with the orders that were asked for so far. */
export class OfferSnapshot {
  readonly revision: number
  readonly rows: readonly ListedOffer[]
  readonly vocabulary: TextVocabulary
  readonly #orders = new Map<string, Int32Array>()
  readonly #finish = new Map<string, FinishColumn>()

  constructor(revision: number, sources: readonly (readonly ListedOffer[])[]) {
    this.revision = revision
    this.rows = inBookOrder(sources.flat())
    const regions = new Set<string>()
    const providers = new Map<string, string>()
    for (const { offer, origin } of this.rows) {
      regions.add(offer.region)
      providers.set(offer.providerId, origin.providerName)
    }
    this.vocabulary = {
      regions: [...new Set([...regions].map((region) => region.toLowerCase()))],
      providers: [...providers]
        .map(([id, name]) => ({ id, name }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    }
  }

  /** All positions sorted by a column; sorted once, then remembered. */
  order(column: OfferColumn, descending: boolean, finish: FinishColumn | null): Int32Array {
    const make = (): Int32Array =>
      sortedPositions(sortKeys(this.rows, column, finish?.micros ?? null), descending)
    // Costs belong to one job, and ages change without a new revision.
    if (column === 'finish' || column === 'age') return make()
    const key = `${column} ${descending}`
    const known = this.#orders.get(key)
    if (known !== undefined) return known
    const order = make()
    this.#orders.set(key, order)
    return order
  }

  /** The costs of one job, reckoned once a revision; `jobKey` changes with what the job is like. */
  finish(jobKey: string, make: (rows: readonly ListedOffer[]) => FinishColumn): FinishColumn {
    const known = this.#finish.get(jobKey)
    if (known !== undefined) return known
    // One job is looked at at a time.
    this.#finish.clear()
    const column = make(this.rows)
    this.#finish.set(jobKey, column)
    return column
  }
}
