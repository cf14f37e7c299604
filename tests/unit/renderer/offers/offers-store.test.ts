import { describe, expect, it, vi } from 'vitest'
import { SubletError } from '../../../../main/domain/errors.ts'
import { micros } from '../../../../main/domain/money.ts'
import type {
  OfferBookState,
  OfferRow,
  BookSourceState,
  OfferView,
} from '../../../../preload/contract/offer-view.ts'
import type { Engine } from '../../../../renderer/engine.ts'
import { bestOf, differs } from '../../../../renderer/features/offers/compare-facts.ts'
import { filterMenus } from '../../../../renderer/features/offers/filter-choices.ts'
import {
  defaultLook,
  storedLook,
  type TableLook,
} from '../../../../renderer/features/offers/offers-memory.ts'
import { createOffersStore } from '../../../../renderer/features/offers/offers-store.ts'
import { tableKey } from '../../../../renderer/features/offers/table-keys.ts'
import { eventually } from '../../../support/eventually.ts'
import { anOffer } from '../../domain/an-offer.ts'

function aRow(index: number, changes: Partial<OfferRow> = {}): OfferRow {
  const offer = anOffer({ id: `offer-${index}`, microsPerHour: 1_000_000 + index })
  return {
    offer,
    providerName: 'Bench',
    accountName: 'main',
    regionGroup: 'europe',
    microsPerGpuHour: offer.microsPerHour,
    microsPerTflopHour: null,
    microsPerBandwidthHour: null,
    stopsByItself: true,
    favourite: false,
    finishMicros: null,
    misfit: null,
    ...changes,
  }
}

const source: BookSourceState = {
  accountId: 'a',
  accountName: 'main',
  providerId: 'bench',
  providerName: 'Bench',
  simulated: false,
  state: 'ok',
  reading: false,
  count: 1_000,
  dropped: 0,
  readAt: 1,
  sentence: '1,000 offers.',
}

const total = 1_000
type ViewRequest = Parameters<Engine['api']['offers']['view']>[0]

function rig() {
  let revision = 1
  let made = 0
  let tell: (book: OfferBookState) => void = () => undefined
  const view = vi.fn(async ({ count }: ViewRequest): Promise<OfferView> => ({
    viewId: `view-${(made += 1)}`,
    revision,
    total,
    matching: total,
    rows: Array.from({ length: count }, (_, index) => aRow(index)),
    understood: [],
    relax: [],
    providers: [],
  }))
  const rows = vi.fn(async ({ from, count }: { viewId: string; from: number; count: number }) => ({
    rows: Array.from({ length: count }, (_, index) => aRow(from + index)),
  }))
  const setFavourite = vi.fn(async () => ({}))
  const refresh = vi.fn(async () => ({}))
  const engine = {
    api: { offers: { view, rows, setFavourite, refresh } },
    follow: (_open: unknown, reader: { snapshot: (book: OfferBookState) => void }) => {
      tell = reader.snapshot
      return () => undefined
    },
  } as unknown as Pick<Engine, 'api' | 'follow'>
  let look: TableLook = defaultLook
  const memory = { load: () => look, save: (next: TableLook) => void (look = next) }
  const store = createOffersStore({ engine, memory })
  const leave = store.open()
  const book = (changes: Partial<OfferBookState> = {}): void => {
    revision = changes.revision ?? revision
    tell({ revision, total, sources: [source], ...changes })
  }
  const ready = (count: number) =>
    eventually(() => made === count && store.getState().view?.viewId === `view-${count}`)
  return { store, view, rows, setFavourite, book, ready, leave, look: () => look }
}

describe("the Offers page's store", () => {
  it('makes a view once the engine answers, and another for every filter and order', async () => {
    const { store, view, book, ready, look } = rig()
    book()
    await ready(1)
    store.filterBy({ minVramGiB: 40 })
    await ready(2)
    store.filterBy({ minVramGiB: undefined, spot: true })
    await ready(3)
    store.sortBy('vram')
    await ready(4)
    store.sortBy('vram')
    await ready(5)
    expect(view.mock.calls.map(([{ filter, sort }]) => [filter, sort.descending])).toEqual([
      [{}, false],
      [{ minVramGiB: 40 }, false],
      [{ spot: true }, false],
      [{ spot: true }, false],
      [{ spot: true }, true],
    ])
    expect(look().sort).toEqual({ column: 'vram', descending: true })
  })

  it('fetches blocks around what is in sight, not what only flies by', async () => {
    const { store, rows, book, ready } = rig()
    book()
    await ready(1)
    for (let at = 0; at < 900; at += 50) store.need(at, at + 30)
    await eventually(() => store.getState().rows.get(870) !== undefined)
    expect(rows.mock.calls.map(([{ from }]) => from)).toEqual([800, 900])
    expect(store.getState().rows.get(855)?.offer.id).toBe('offer-855')
    expect(store.getState().rows.get(450)).toBeUndefined()
  })

  it('moves nothing when prices change; says so, and shows them on demand', async () => {
    const { store, view, book, ready } = rig()
    book()
    await ready(1)
    store.engage(true)
    book({ revision: 2 })
    expect(store.getState().outdated).toBe(true)
    expect(view).toHaveBeenCalledTimes(1)
    store.showNew()
    await ready(2)
    expect(store.getState().outdated).toBe(false)
  })

  it('shows a source that answers for the first time by itself, unless the pointer is there', async () => {
    const { store, book, ready } = rig()
    const unread = { ...source, accountId: 'b', state: 'loading' as const, readAt: null }
    book({ sources: [source, unread] })
    await ready(1)
    book({ revision: 2, sources: [source, { ...unread, state: 'ok', readAt: 2 }] })
    await ready(2)
    store.engage(true)
    book({
      revision: 3,
      sources: [source, { ...unread, readAt: 2 }, { ...source, accountId: 'c' }],
    })
    expect(store.getState()).toMatchObject({ outdated: true, view: { viewId: 'view-2' } })
  })

  it('reads what is in sight again when prices are confirmed, in place', async () => {
    const { store, rows, book, ready } = rig()
    book()
    await ready(1)
    book({ sources: [{ ...source, readAt: 2 }] })
    await eventually(() => rows.mock.calls.length > 0)
    expect(rows.mock.calls[0]?.[0]).toMatchObject({ viewId: 'view-1', from: 0 })
    expect(store.getState().outdated).toBe(false)
  })

  it('makes an expired view again and keeps the place', async () => {
    const { store, rows, book, ready } = rig()
    book()
    await ready(1)
    store.activate(500)
    rows.mockRejectedValueOnce(new SubletError('not-found', 'This list has expired.'))
    store.need(490, 520)
    await ready(2)
    expect(store.getState().active).toBe(500)
  })

  it('marks a favourite at once and takes it back when the engine refuses', async () => {
    const { store, setFavourite, book, ready } = rig()
    book()
    await ready(1)
    setFavourite.mockRejectedValueOnce(new SubletError('disk-full', 'The disk is full.'))
    store.toggleFavourite(aRow(3))
    expect(store.getState().rows.get(3)?.favourite).toBe(true)
    await eventually(() => store.getState().problem === 'The disk is full.')
    expect(store.getState().rows.get(3)?.favourite).toBe(false)
  })

  it('compares four offers at most', async () => {
    const { store } = rig()
    for (let index = 0; index < 6; index += 1) store.toggleCompare(aRow(index))
    expect([...store.getState().compared.keys()]).toEqual([
      'offer-0',
      'offer-1',
      'offer-2',
      'offer-3',
    ])
    store.toggleCompare(aRow(1))
    expect(store.getState().compared.size).toBe(3)
  })

  it('sorts by the cost to finish once a job is chosen', async () => {
    const { store, view, book, ready } = rig()
    book()
    await ready(1)
    store.setJob('job-01h00000000000000000000000')
    await ready(2)
    expect(view.mock.calls.at(-1)?.[0]).toMatchObject({
      forJob: 'job-01h00000000000000000000000',
      sort: { column: 'finish' },
    })
    expect(store.getState().columns).toContain('finish')
    store.setJob(null)
    await ready(3)
    expect(store.getState()).toMatchObject({ sort: { column: 'perGpuHour' }, forJob: null })
    expect(store.getState().columns).not.toContain('finish')
  })
})

describe('the parts of the Offers page', () => {
  it('keep the look of the table, whatever was stored', () => {
    let text: string | null = null
    const storage = {
      getItem: () => text,
      setItem: (_key: string, value: string) => void (text = value),
    }
    const memory = storedLook(storage)
    expect(memory.load()).toEqual(defaultLook)
    const look: TableLook = { columns: ['gpu', 'disk'], sort: { column: 'disk', descending: true } }
    memory.save(look)
    expect(memory.load()).toEqual(look)
    text = '{"columns": ["disk", 7], "sort": {"column": "finish"}}'
    expect(memory.load()).toEqual({ columns: ['gpu', 'disk'], sort: defaultLook.sort })
    text = 'no JSON'
    expect(memory.load()).toEqual(defaultLook)
  })

  it.each([
    ['ArrowDown', null, { kind: 'move', to: 0 }],
    ['ArrowDown', 99, { kind: 'move', to: 99 }],
    ['ArrowUp', 0, { kind: 'move', to: 0 }],
    ['PageDown', 5, { kind: 'move', to: 25 }],
    ['PageUp', 5, { kind: 'move', to: 0 }],
    ['Home', 50, { kind: 'move', to: 0 }],
    ['End', 5, { kind: 'move', to: 99 }],
    ['Enter', 5, { kind: 'use' }],
    ['f', 5, { kind: 'favourite' }],
    [' ', 5, { kind: 'compare' }],
    ['x', 5, null],
  ])('read the key %s at %s', (key, active, action) => {
    expect(tableKey(key, active, 100, 20)).toEqual(action)
  })

  it('mark what differs and what is best', () => {
    const dear = aRow(9)
    const cheap = aRow(1, { microsPerGpuHour: micros(5) })
    expect(differs('perGpuHour', [dear, cheap])).toBe(true)
    expect([...bestOf('perGpuHour', [dear, cheap])]).toEqual(['offer-1'])
    expect(differs('region', [dear, cheap])).toBe(false)
    expect(bestOf('vram', [dear, cheap]).size).toBe(0)
    expect(bestOf('perTflopHour', [dear, cheap]).size).toBe(0)
  })

  it('turn a choice of a chip on and off', () => {
    const regions = filterMenus([]).find(({ name }) => name === 'Region')
    const [europe, america] = regions?.choices ?? []
    const both = america?.change({ regionGroups: ['europe'] }, true)
    expect(both).toEqual({ regionGroups: ['europe', 'north-america'] })
    expect(europe?.change({ regionGroups: ['europe'] }, false)).toEqual({ regionGroups: undefined })
    expect(europe?.isChosen({ regionGroups: ['europe'] })).toBe(true)
    expect(filterMenus([]).some(({ name }) => name === 'Provider')).toBe(false)
  })
})
