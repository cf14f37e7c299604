import { describe, expect, it } from 'vitest'
import { SubletError } from '../../../main/domain/errors.ts'
import { silentLogger } from '../../../main/domain/logger.ts'
import { Favourites } from '../../../main/engine/offers/favourites.ts'
import { OfferBook, staleAfterMs } from '../../../main/engine/offers/offer-book.ts'
import { OfferViews } from '../../../main/engine/offers/offer-views.ts'
import type { BookAccount } from '../../../main/engine/offers/source-reading.ts'
import { openDatabase } from '../../../main/store/open.ts'
import { settingRows } from '../../../main/store/setting-rows.ts'
import { migrations } from '../../../main/store/migrations/index.ts'
import type { Offer } from '../../../preload/contract/offer.ts'
import { offerRowSchema } from '../../../preload/contract/offer-view.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../../support/eventually.ts'
import { manyOffers } from '../../support/many-offers.ts'
import { databasesAtEveryVersion } from '../../support/old-databases.ts'
import { steppingClock } from '../../support/stepping-clock.ts'

type Answer = () => Promise<readonly Offer[]>

function rig(answers: Record<string, Answer>) {
  const clock = steppingClock(1_000_000)
  const asked: string[] = []
  const accounts = new Map(Object.keys(answers).map((id) => [id, account(id)]))
  const book = new OfferBook({
    clock,
    log: silentLogger,
    accounts: () => [...accounts.values()],
    timeoutMs: 5_000,
    open: async (accountId) => ({
      async *offers() {
        asked.push(accountId)
        yield* (await answers[accountId]?.()) ?? []
      },
    }),
  })
  const favourites = new Set<string>()
  const views = new OfferViews({
    book,
    favourites: () => favourites,
    costsOf: () => {
      throw new SubletError('not-found', 'There is no such job.')
    },
  })
  const source = (id: string) => book.state().sources.find((one) => one.accountId === id)
  const settled = () =>
    eventually(() => book.state().sources.every((one) => !one.reading), { what: 'the sources' })
  return { clock, asked, accounts, book, views, favourites, source, settled, answers }
}

function account(id: string): BookAccount {
  return {
    accountId: id,
    accountName: id,
    providerId: `provider-${id}`,
    providerName: id.toUpperCase(),
    simulated: false,
    stopsByItself: true,
  }
}

const cheap = { filter: {}, sort: { column: 'perGpuHour', descending: false }, count: 10 } as const
const own = (id: string, offers: readonly Offer[]): Offer[] =>
  offers.map((offer) => ({ ...offer, id: `${id}:${offer.id}`, providerId: `provider-${id}` }))
const believable = manyOffers(200).map((offer) => ({ ...offer, source: 'own' as const }))

describe('the offer book', () => {
  it('reads sources side by side: one that fails and one that is slow hide nothing', async () => {
    const slow = Promise.withResolvers<readonly Offer[]>()
    const { book, views, source } = rig({
      good: async () => own('good', believable),
      bad: async () => Promise.reject(new SubletError('auth', 'The key is refused: check it.')),
      slow: () => slow.promise,
    })
    book.tend()
    expect(source('good')).toMatchObject({ state: 'loading', reading: true })
    await eventually(() => source('good')?.state === 'ok' && source('bad')?.state === 'failed')
    expect(source('bad')).toMatchObject({ sentence: 'The key is refused: check it.', count: 0 })
    expect(source('slow')).toMatchObject({ state: 'loading', reading: true })
    expect(views.make(cheap)).toMatchObject({ total: 200, matching: 200 })
    slow.resolve(own('slow', believable.slice(0, 5)))
    await eventually(() => source('slow')?.state === 'ok')
    expect(book.state()).toMatchObject({ total: 205, revision: 2 })
  })

  it('keeps what it has when reading again fails, says so, and recovers on demand', async () => {
    const { book, source, settled, answers, clock } = rig({ one: async () => believable })
    book.tend()
    await settled()
    answers['one'] = async () => Promise.reject(new SubletError('unavailable', 'It is down.'))
    await clock.sleep(60_000)
    book.refresh('one')
    await settled()
    expect(source('one')).toMatchObject({
      state: 'stale',
      count: 200,
      readAt: 1_000_000,
      sentence: 'It is down.',
    })
    answers['one'] = async () => believable
    book.refresh()
    await settled()
    expect(source('one')).toMatchObject({ state: 'ok', readAt: 1_060_000 })
    expect(book.state().revision).toBe(1)
  })

  it('reads again by itself only what has got old, and never twice at once', async () => {
    const { book, source, settled, asked, clock } = rig({ one: async () => believable })
    book.tend()
    book.tend()
    book.refresh()
    await settled()
    await clock.sleep(staleAfterMs)
    book.tend()
    await settled()
    expect(asked).toEqual(['one'])
    await clock.sleep(1)
    expect(source('one')?.state).toBe('stale')
    book.tend()
    await settled()
    expect(asked).toEqual(['one', 'one'])
    expect(source('one')?.state).toBe('ok')
  })

  it('raises the revision for a new price, not for a new reading of the same one', async () => {
    const { book, views, settled, answers } = rig({ one: async () => believable })
    book.tend()
    await settled()
    const view = views.make(cheap)
    answers['one'] = async () => believable.map((offer) => ({ ...offer, fetchedAt: 77_000_000 }))
    book.refresh()
    await settled()
    expect(book.state().revision).toBe(1)
    expect(views.rows(view.viewId, 0, 1)[0]?.offer.fetchedAt).toBe(77_000_000)
    const [first, ...others] = believable
    const dearer = { ...first, microsPerHour: 9_999_999 } as Offer
    answers['one'] = async () => [dearer, ...others]
    book.refresh()
    await settled()
    expect(book.state().revision).toBe(2)
  })

  it('counts what the quality gate drops', async () => {
    const free = { ...believable[0], id: 'free', source: 'live', microsPerHour: 0 } as Offer
    const { book, source, settled } = rig({ one: async () => [...believable, free] })
    book.tend()
    await settled()
    expect(source('one')).toMatchObject({ count: 200, dropped: 1 })
    expect(source('one')?.sentence).toContain('1 price row left out as not believable')
  })

  it('takes up new accounts and forgets removed ones with their offers', async () => {
    const { book, accounts, settled, source } = rig({
      one: async () => own('one', believable),
      two: async () => own('two', believable),
    })
    accounts.delete('two')
    book.tend()
    await settled()
    accounts.set('two', account('two'))
    accounts.delete('one')
    book.tend()
    await settled()
    expect(source('one')).toBeUndefined()
    expect(book.state()).toMatchObject({ total: 200, sources: [{ accountId: 'two' }] })
  })
})

describe('views of offers', () => {
  it('are frozen: new prices move no row of an old view', async () => {
    const { book, views, settled, answers } = rig({ one: async () => believable })
    book.tend()
    await settled()
    const old = views.make({ ...cheap, count: 0 })
    const before = views.rows(old.viewId, 0, 200)
    for (const row of before) offerRowSchema.parse(row)
    answers['one'] = async () =>
      believable.map((offer, index) => ({
        ...offer,
        microsPerHour: (10_000_000 - index) as Offer['microsPerHour'],
      }))
    book.refresh()
    await settled()
    expect(views.rows(old.viewId, 0, 200)).toEqual(before)
    const ids = views.make({ ...cheap, count: 200 }).rows.map(({ offer }) => offer.id)
    expect(ids).not.toEqual(before.map(({ offer }) => offer.id))
  })

  it('answers rows in blocks that join without gap or repetition', async () => {
    const { book, views, settled } = rig({ one: async () => believable })
    book.tend()
    await settled()
    const view = views.make({ ...cheap, filter: { minVramGiB: 24 }, count: 30 })
    const rows = [...view.rows]
    while (rows.length < view.matching) rows.push(...views.rows(view.viewId, rows.length, 30))
    expect(new Set(rows.map(({ offer }) => offer.id)).size).toBe(view.matching)
    expect(views.rows(view.viewId, view.matching, 30)).toEqual([])
    const prices = rows.map(({ microsPerGpuHour }) => microsPerGpuHour)
    expect(prices).toEqual(prices.toSorted((a, b) => (a ?? 0) - (b ?? 0)))
  })

  it('expire, the least recently used first, and say so', async () => {
    const { book, views, settled } = rig({ one: async () => believable })
    book.tend()
    await settled()
    const first = views.make(cheap)
    const second = views.make(cheap)
    for (let count = 0; count < 7; count += 1) {
      views.rows(first.viewId, 0, 1)
      views.make(cheap)
    }
    expect(views.rows(first.viewId, 0, 1)).toHaveLength(1)
    expect(() => views.rows(second.viewId, 0, 1)).toThrow('expired')
  })

  it('hold at most three revisions in memory', async () => {
    const { book, views, settled, answers } = rig({ one: async () => believable })
    const made: string[] = []
    for (let price = 1; price <= 5; price += 1) {
      answers['one'] = async () =>
        believable.map((offer) => ({
          ...offer,
          microsPerHour: (price * 1_000_000) as Offer['microsPerHour'],
        }))
      book.refresh()
      await settled()
      made.push(views.make(cheap).viewId)
    }
    const alive = made.filter((viewId) => {
      try {
        return views.rows(viewId, 0, 1).length === 1
      } catch (error) {
        expect(error).toMatchObject({ code: 'not-found' })
        return false
      }
    })
    expect(alive).toEqual(made.slice(2))
  })

  it('say what to relax when nothing fits', async () => {
    const { book, views, settled, favourites } = rig({ one: async () => believable })
    book.tend()
    await settled()
    favourites.add(believable[1]?.id ?? '')
    const view = views.make({ ...cheap, filter: { text: 'nowhere', minVramGiB: 24 } })
    expect(view).toMatchObject({ matching: 0, rows: [] })
    expect(view.relax).toEqual([{ part: 'text', label: '"nowhere"', matching: expect.any(Number) }])
    expect(views.make({ ...cheap, filter: { favourites: true } }).rows).toMatchObject([
      { favourite: true },
    ])
  })
})

describe('favourites', () => {
  it('are kept in the store, whichever version it began with', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sublet-favourites-'))
    try {
      for (const { path } of databasesAtEveryVersion(folder, migrations)) {
        const database = openDatabase(path)
        const store = settingRows(database)
        const favourites = new Favourites(store, silentLogger)
        expect(favourites.ids().size).toBe(0)
        favourites.set('a', true)
        favourites.set('b', true)
        favourites.set('a', false)
        expect([...new Favourites(store, silentLogger).ids()]).toEqual(['b'])
        store.write('offers.favourites', '{"not": "a list"}')
        expect(new Favourites(store, silentLogger).ids().size).toBe(0)
        database.close()
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
