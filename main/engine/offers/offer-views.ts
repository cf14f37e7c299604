import { ulid } from 'ulid'
import type {
  OfferRow,
  OfferSort,
  OfferView,
  OfferViewFilter,
} from '../../../preload/contract/offer-view.ts'
import { SubletError } from '../../domain/errors.ts'
import type { FinishColumn } from '../../domain/offers/finish-cost.ts'
import type { ListedOffer } from '../../domain/offers/listed-offer.ts'
import { filterRows, readFilter, relaxations } from '../../domain/offers/view-filter.ts'
import { micros } from '../../domain/money.ts'
import type { OfferBook } from './offer-book.ts'
import type { OfferSnapshot } from './offer-snapshot.ts'

export interface OfferViewRequest {
  readonly filter: OfferViewFilter
  readonly sort: OfferSort
  readonly forJob?: string | undefined
  readonly count: number
}

/** Reckons the column of one job. `key` changes when the answer would. */
export interface JobCosts {
  readonly key: string
  readonly of: (rows: readonly ListedOffer[]) => FinishColumn
}

export interface OfferViewsDeps {
  readonly book: Pick<OfferBook, 'snapshot'>
  readonly favourites: () => ReadonlySet<string>
  /** Fails with `not-found`. */
  readonly costsOf: (jobId: string) => JobCosts
}

interface View {
  readonly snapshot: OfferSnapshot
  /** Positions in the snapshot, filtered and sorted. */
  readonly positions: Int32Array
  readonly finish: FinishColumn | null
}

/** Views are a few numbers a row, but each holds its snapshot: these many of both are kept. */
const mostViews = 8
const mostSnapshots = 3

/**
 * Filtered and sorted lists that never change once they are made: rows under the pointer stay
 * where they are. The least recently used goes first; whoever asks for it is told to make it again.
 */
export class OfferViews {
  readonly #deps: OfferViewsDeps
  readonly #views = new Map<string, View>()

  constructor(deps: OfferViewsDeps) {
    this.#deps = deps
  }

  make({ filter, sort, forJob, count }: OfferViewRequest): OfferView {
    const snapshot = this.#deps.book.snapshot()
    const favourites = this.#deps.favourites()
    const costs = forJob === undefined ? null : this.#deps.costsOf(forJob)
    const finish = costs === null ? null : snapshot.finish(costs.key, costs.of)
    const { parts, understood } = readFilter(filter, snapshot.vocabulary)
    const matching = filterRows(snapshot.rows, parts, favourites)
    const positions = inOrder(
      snapshot.order(sort.column, sort.descending, finish),
      matching,
      snapshot.rows.length,
    )
    const viewId = ulid()
    const view = { snapshot, positions, finish }
    this.#keep(viewId, view)
    return {
      viewId,
      revision: snapshot.revision,
      total: snapshot.rows.length,
      matching: positions.length,
      rows: this.#rowsOf(view, 0, count),
      understood: [...understood],
      relax: positions.length > 0 ? [] : relaxations(snapshot.rows, parts, favourites),
      providers: [...snapshot.vocabulary.providers],
    }
  }

  /** Fails with `not-found` when the view has expired. */
  rows(viewId: string, from: number, count: number): OfferRow[] {
    const view = this.#views.get(viewId)
    if (view === undefined) {
      throw new SubletError('not-found', 'This list of offers has expired: make it again.')
    }
    this.#keep(viewId, view)
    return this.#rowsOf(view, from, count)
  }

  #keep(viewId: string, view: View): void {
    this.#views.delete(viewId)
    this.#views.set(viewId, view)
    const newestFirst = [...this.#views].toReversed()
    const snapshots = new Set<OfferSnapshot>()
    for (const [index, [id, { snapshot }]] of newestFirst.entries()) {
      const one = snapshots.has(snapshot) || snapshots.size < mostSnapshots
      if (index < mostViews && one) snapshots.add(snapshot)
      else this.#views.delete(id)
    }
  }

  #rowsOf({ snapshot, positions, finish }: View, from: number, count: number): OfferRow[] {
    const favourites = this.#deps.favourites()
    return [...positions.subarray(from, from + count)].flatMap((position) => {
      const row = snapshot.rows[position]
      if (row === undefined) return []
      const { offer, origin, regionGroup, microsPerTflopHour, microsPerBandwidthHour } = row
      const cost = finish?.micros[position] ?? Number.NaN
      return [
        {
          offer,
          ...origin,
          regionGroup,
          microsPerGpuHour: row.microsPerGpuHour === null ? null : micros(row.microsPerGpuHour),
          microsPerTflopHour,
          microsPerBandwidthHour,
          favourite: favourites.has(offer.id),
          finishMicros: Number.isNaN(cost) ? null : micros(cost),
          misfit: finish?.misfits[position] ?? null,
        },
      ]
    })
  }
}

/** The matching positions in the order of `order`. */
function inOrder(order: Int32Array, matching: Int32Array, total: number): Int32Array {
  if (matching.length === total) return order
  const wanted = new Uint8Array(total)
  for (const position of matching) wanted[position] = 1
  const found = new Int32Array(matching.length)
  let count = 0
  for (const position of order) if (wanted[position] === 1) found[count++] = position
  return found
}
