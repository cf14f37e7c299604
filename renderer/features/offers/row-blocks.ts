import type { OfferRow } from '../../../preload/contract/offer-view.ts'
import { toSubletError } from '../../../main/domain/errors.ts'

/** The rows that have arrived, by their place in the view. */
export interface RowLookup {
  get(index: number): OfferRow | undefined
}

/** Before any row has arrived. */
export const noRows: RowLookup = { get: () => undefined }

export interface RowBlocksParts {
  readonly fetch: (
    request: { readonly viewId: string; readonly from: number; readonly count: number },
    signal: AbortSignal,
  ) => Promise<{ readonly rows: readonly OfferRow[] }>
  /** Called with the rows that are here, whenever that changes. */
  readonly show: (rows: RowLookup) => void
  readonly expired: () => void
  readonly failed: (sentence: string) => void
}

/** Blocks that are kept beside those in sight. */
const mostBlocks = 40
/** Rows that are fetched before they come in sight. */
const ahead = 50
/** What only flies by is not fetched. */
const settleMs = 40

/** Fetches a view's rows in blocks around the viewport; old blocks go, so memory stays bounded. */
export class RowBlocks {
  /** Rows of one block. */
  readonly size = 100
  readonly #parts: RowBlocksParts
  #viewId: string | null = null
  #leaving = new AbortController()
  /** By number; in the order of their last use. */
  #blocks = new Map<number, readonly OfferRow[] | 'fetching'>()
  #inSight: readonly number[] = [0]
  #settling: ReturnType<typeof setTimeout> | undefined

  constructor(parts: RowBlocksParts) {
    this.#parts = parts
  }

  /** Starts with another view, whose first block is here already. */
  begin(viewId: string, first: readonly OfferRow[]): void {
    this.#leaving.abort()
    this.#leaving = new AbortController()
    this.#viewId = viewId
    this.#blocks = new Map([[0, first]])
    this.#show()
    this.#fetchMissing()
  }

  /** Says which rows of `count` are in sight. */
  need(from: number, to: number, count: number): void {
    const first = Math.floor(Math.max(0, from - ahead) / this.size)
    const last = Math.floor(Math.max(0, Math.min(to + ahead, count - 1)) / this.size)
    const [before] = this.#inSight
    if (before === first && this.#inSight.length === last - first + 1) return
    this.#inSight = Array.from({ length: last - first + 1 }, (_, index) => first + index)
    clearTimeout(this.#settling)
    this.#settling = setTimeout(() => this.#fetchMissing(), settleMs)
  }

  /** Reads what is in sight again; nothing moves meanwhile. */
  fetchAgain(): void {
    const kept = new Set(this.#inSight)
    for (const block of this.#blocks.keys()) if (!kept.has(block)) this.#blocks.delete(block)
    for (const block of kept) void this.#fetch(block)
  }

  /** Changes what is shown of one offer. */
  change(offerId: string, change: Partial<OfferRow>): void {
    for (const [number, block] of this.#blocks) {
      if (block === 'fetching' || !block.some(({ offer }) => offer.id === offerId)) continue
      this.#blocks.set(
        number,
        block.map((row) => (row.offer.id === offerId ? { ...row, ...change } : row)),
      )
    }
    this.#show()
  }

  /** Gives up what is under way; `begin` starts again. */
  pause(): void {
    clearTimeout(this.#settling)
    this.#leaving.abort()
  }

  #fetchMissing(): void {
    for (const number of this.#inSight) {
      const block = this.#blocks.get(number)
      if (block === undefined) {
        void this.#fetch(number)
        continue
      }
      this.#blocks.delete(number)
      this.#blocks.set(number, block)
    }
    for (const [number, block] of this.#blocks) {
      if (this.#blocks.size <= mostBlocks) break
      if (block !== 'fetching' && !this.#inSight.includes(number)) this.#blocks.delete(number)
    }
  }

  async #fetch(number: number): Promise<void> {
    const viewId = this.#viewId
    if (viewId === null) return
    const { signal } = this.#leaving
    if (!this.#blocks.has(number)) this.#blocks.set(number, 'fetching')
    try {
      const request = { viewId, from: number * this.size, count: this.size }
      const { rows } = await this.#parts.fetch(request, signal)
      if (signal.aborted) return
      this.#blocks.set(number, rows)
      this.#show()
    } catch (thrown) {
      if (signal.aborted) return
      if (this.#blocks.get(number) === 'fetching') this.#blocks.delete(number)
      const { code, message } = toSubletError(thrown)
      if (code === 'not-found') this.#parts.expired()
      else this.#parts.failed(message)
    }
  }

  #show(): void {
    const blocks = new Map(this.#blocks)
    const { size } = this
    this.#parts.show({
      get: (index) => {
        const block = blocks.get(Math.floor(index / size))
        return block === undefined || block === 'fetching' ? undefined : block[index % size]
      },
    })
  }
}
