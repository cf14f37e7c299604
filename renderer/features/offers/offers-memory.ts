import {
  offerColumns,
  type OfferColumn,
  type OfferSort,
} from '../../../preload/contract/offer-view.ts'

const key = 'sublet.offers'

/** How the table looked last: columns in sight and the order. Filters start afresh. */
export interface TableLook {
  readonly columns: readonly OfferColumn[]
  readonly sort: OfferSort
}

export interface OffersMemory {
  load(): TableLook
  save(look: TableLook): void
}

export const defaultLook: TableLook = {
  columns: [
    'gpu',
    'count',
    'vram',
    'perHour',
    'perGpuHour',
    'provider',
    'region',
    'spot',
    'availability',
    'reliability',
    'increment',
    'egress',
    'age',
  ],
  sort: { column: 'perGpuHour', descending: false },
}

/** Keeps the look in a storage of this window's browser. */
export function storedLook(storage: Pick<Storage, 'getItem' | 'setItem'>): OffersMemory {
  return {
    load: () => {
      try {
        return withShape(JSON.parse(storage.getItem(key) ?? '{}'))
      } catch {
        // Of another version or cut off: a look is not worth an error.
        return defaultLook
      }
    },
    save: (look) => storage.setItem(key, JSON.stringify(look)),
  }
}

function withShape(stored: {
  columns?: unknown
  sort?: { column?: unknown; descending?: unknown }
}): TableLook {
  const chosen = Array.isArray(stored.columns) ? new Set<unknown>(stored.columns) : null
  const columns = offerColumns.filter((one) => one === 'gpu' || chosen?.has(one) === true)
  // Costs belong to a job that has to be chosen anew.
  const column = offerColumns.find((one) => one === stored.sort?.column && one !== 'finish')
  return {
    columns: chosen === null ? defaultLook.columns : columns,
    sort:
      column === undefined
        ? defaultLook.sort
        : { column, descending: stored.sort?.descending === true },
  }
}
