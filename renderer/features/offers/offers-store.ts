import { createStore, type StoreApi } from 'zustand/vanilla'
import type { JobId } from '../../../preload/contract/job-state.ts'
import type {
  OfferBookState,
  OfferColumn,
  OfferRow,
  OfferSort,
  OfferView,
  OfferViewFilter,
} from '../../../preload/contract/offer-view.ts'
import { toSubletError } from '../../../main/domain/errors.ts'
import type { Engine } from '../../engine.ts'
import type { OffersMemory } from './offers-memory.ts'
import { noRows, RowBlocks, type RowLookup } from './row-blocks.ts'

export interface OffersState {
  /** What the engine holds; null until it has answered. */
  readonly book: OfferBookState | null
  readonly filter: OfferViewFilter
  readonly sort: OfferSort
  readonly columns: readonly OfferColumn[]
  /** The job whose cost to finish is shown. */
  readonly forJob: JobId | null
  /** The frozen list in sight; null until the first one is made. */
  readonly view: Omit<OfferView, 'rows'> | null
  /** Rows that have arrived, by their place in the view. */
  readonly rows: RowLookup
  /** The offers have changed since the view was made. */
  readonly outdated: boolean
  readonly problem: string | null
  /** The row that keys act on, by its place. */
  readonly active: number | null
  /** Two to four offers side by side, by id. */
  readonly compared: ReadonlyMap<string, OfferRow>
}

export interface OffersStore extends StoreApi<OffersState> {
  filterBy(change: Partial<Record<keyof OfferViewFilter, unknown>>): void
  clearFilter(): void
  /** Sorts by a column; the same column again turns the order round. */
  sortBy(column: OfferColumn): void
  showColumns(columns: readonly OfferColumn[]): void
  setJob(jobId: JobId | null): void
  /** Says which rows are in sight, so that they are fetched. */
  need(from: number, to: number): void
  /** Makes the view anew from what the engine holds now. */
  showNew(): void
  /** The pointer or the focus is in the table: nothing may move there. */
  engage(engaged: boolean): void
  refresh(accountId?: string): void
  activate(index: number | null): void
  toggleCompare(row: OfferRow): void
  clearCompare(): void
  toggleFavourite(row: OfferRow): void
  /** Follows the engine's book until the answered function is called. */
  open(): () => void
}

/** So many offers can be read side by side. */
export const mostCompared = 4
const environment = {}

/** The Offers page's state: the filter, one frozen view of the engine's book, and its rows in sight. */
export function createOffersStore(parts: {
  readonly engine: Pick<Engine, 'api' | 'follow'>
  readonly memory: OffersMemory
}): OffersStore {
  const { engine, memory } = parts
  const store = createStore<OffersState>(() => ({
    book: null,
    filter: {},
    ...memory.load(),
    forJob: null,
    view: null,
    rows: noRows,
    outdated: false,
    problem: null,
    active: null,
    compared: new Map(),
  }))
  const { setState, getState } = store
  let engaged = false
  let making = new AbortController()

  const make = async (keepPlace: boolean): Promise<void> => {
    making.abort()
    const mine = (making = new AbortController())
    const { filter, sort, forJob } = getState()
    try {
      const { rows, ...view } = await engine.api.offers.view(
        { filter, sort, count: blocks.size, ...(forJob === null ? {} : { forJob }) },
        { signal: mine.signal },
      )
      if (mine.signal.aborted) return
      const { book, active } = getState()
      const outdated = book !== null && book.revision > view.revision
      const place = keepPlace && active !== null && active < view.matching ? active : null
      setState({ view, outdated, problem: null, active: place })
      blocks.begin(view.viewId, rows)
    } catch (thrown) {
      if (!mine.signal.aborted) setState({ problem: toSubletError(thrown).message })
    }
  }
  const blocks = new RowBlocks({
    fetch: (request, signal) => engine.api.offers.rows(request, { signal }),
    show: (rows) => setState({ rows }),
    // Kept by the engine for a few views only, or it has been started anew.
    expired: () => void make(true),
    failed: (problem) => setState({ problem }),
  })

  const takeBook = (book: OfferBookState): void => {
    const { book: before, view } = getState()
    setState({ book })
    if (view === null) {
      if (before === null || making.signal.aborted) void make(false)
      return
    }
    if (book.revision === view.revision) {
      setState({ outdated: false })
      if (readAgain(before, book)) blocks.fetchAgain()
    } else if (view.total === 0 || book.revision < view.revision) {
      void make(false)
    } else if (!engaged && arrived(before, book)) {
      void make(true)
    } else {
      setState({ outdated: true })
    }
  }
  const open = (): (() => void) => {
    const leave = engine.follow((api, signal) => api.offers.watch({ environment }, { signal }), {
      snapshot: takeBook,
      event: takeBook,
      problem: (error) => setState({ problem: error.message }),
    })
    return () => {
      leave()
      making.abort()
      blocks.pause()
    }
  }
  const remember = (): void => {
    const { columns, sort } = getState()
    memory.save({ columns, sort })
  }
  const turnTo = (change: Partial<OffersState>): void => {
    setState({ ...change, active: null })
    remember()
    void make(false)
  }

  return {
    ...store,
    filterBy: (change) => {
      const entries = Object.entries({ ...getState().filter, ...change })
      // Absent and undefined are not the same on the wire.
      const filter = Object.fromEntries(entries.filter(([, value]) => value !== undefined))
      turnTo({ filter })
    },
    clearFilter: () => turnTo({ filter: {} }),
    sortBy: (column) => {
      const { sort } = getState()
      turnTo({ sort: { column, descending: sort.column === column && !sort.descending } })
    },
    showColumns: (columns) => {
      setState({ columns })
      remember()
    },
    setJob: (forJob) => {
      const { sort, columns } = getState()
      const others = columns.filter((one) => one !== 'finish')
      const cheapest = {
        column: forJob === null ? 'perGpuHour' : 'finish',
        descending: false,
      } as const
      turnTo({
        forJob,
        // Beside the GPU, which is always first: it is what the rows are sorted by.
        columns: forJob === null ? others : ['gpu', 'finish', ...others.slice(1)],
        sort: forJob === null && sort.column !== 'finish' ? sort : cheapest,
      })
    },
    need: (from, to) => blocks.need(from, to, getState().view?.matching ?? 0),
    showNew: () => void make(true),
    engage: (now) => {
      engaged = now
    },
    refresh: (accountId) => {
      engine.api.offers
        .refresh({ environment, ...(accountId === undefined ? {} : { accountId }) })
        .catch((thrown: unknown) => setState({ problem: toSubletError(thrown).message }))
    },
    activate: (active) => setState({ active }),
    toggleCompare: (row) => {
      const compared = new Map(getState().compared)
      if (!compared.delete(row.offer.id) && compared.size < mostCompared) {
        compared.set(row.offer.id, row)
      }
      setState({ compared })
    },
    clearCompare: () => setState({ compared: new Map() }),
    toggleFavourite: (row) => {
      const favourite = !row.favourite
      const show = (value: boolean): void => blocks.change(row.offer.id, { favourite: value })
      show(favourite)
      engine.api.offers
        .setFavourite({ offerId: row.offer.id, favourite })
        .catch((thrown: unknown) => {
          show(!favourite)
          setState({ problem: toSubletError(thrown).message })
        })
    },
    open,
  }
}

/** Whether a source was read anew, with the same offers. */
function readAgain(before: OfferBookState | null, now: OfferBookState): boolean {
  const times = (book: OfferBookState | null): string =>
    (book?.sources ?? []).map(({ readAt }) => readAt).join()
  return times(before) !== times(now)
}

/** Whether a source answered for the first time. */
function arrived(before: OfferBookState | null, now: OfferBookState): boolean {
  const read = (book: OfferBookState | null): number =>
    (book?.sources ?? []).filter(({ readAt }) => readAt !== null).length
  return read(now) > read(before)
}
