import { describe, expect, it } from 'vitest'
import type { Offer } from '../../../preload/contract/offer.ts'
import { SubletError } from '../../../main/domain/errors.ts'
import { gatherOffers } from '../../../main/providers/gather-offers.ts'
import type { OfferSource } from '../../../main/providers/gather-offers.ts'
import { anOffer } from '../domain/an-offer.ts'

const never = new AbortController().signal

function source(accountId: string, offers: () => AsyncIterable<Offer>): OfferSource {
  return { providerId: 'sandbox', accountId, session: { offers } }
}

async function* answering(...offers: readonly Offer[]): AsyncGenerator<Offer> {
  await Promise.resolve()
  yield* offers
}

async function* failing(): AsyncGenerator<Offer> {
  yield await Promise.resolve(anOffer({ machineType: 'half' }))
  throw new SubletError('auth', 'The key is not accepted: check it.')
}

/** Ignores its signal and never ends. */
async function* deaf(): AsyncGenerator<Offer> {
  yield await new Promise<Offer>(() => undefined)
}

describe('gathering offers', () => {
  it('never lets one source hide the others', async () => {
    const gathered = await gatherOffers(
      [
        source('broken', failing),
        source('good', () => answering(anOffer(), anOffer({ microsPerHour: 0, region: 'x' }))),
        source('slow', deaf),
      ],
      {},
      never,
      { timeoutMs: 50 },
    )
    expect(gathered.offers.map((offer) => offer.id)).toEqual([anOffer().id])
    expect(gathered.sources).toEqual([
      {
        providerId: 'sandbox',
        accountId: 'broken',
        ok: false,
        sentence: 'The key is not accepted: check it.',
        dropped: 0,
      },
      {
        providerId: 'sandbox',
        accountId: 'good',
        ok: true,
        sentence: '1 offer; 1 price row left out as not believable.',
        dropped: 1,
      },
      {
        providerId: 'sandbox',
        accountId: 'slow',
        ok: false,
        sentence: 'sandbox did not answer within 50 ms: try again.',
        dropped: 0,
      },
    ])
  })

  it('asks all at once', async () => {
    const waiting: (() => void)[] = []
    async function* meeting(): AsyncGenerator<Offer> {
      // Each source answers only once both have been asked.
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        if (waiting.length === 2) for (const go of waiting) go()
      })
      yield anOffer()
    }
    const { sources } = await gatherOffers([source('a', meeting), source('b', meeting)], {}, never)
    expect(sources.every((one) => one.ok)).toBe(true)
  })

  it('ends when the caller gives up', async () => {
    const controller = new AbortController()
    const gathering = gatherOffers([source('slow', deaf)], {}, controller.signal)
    controller.abort()
    await expect(gathering).rejects.toMatchObject({ name: 'AbortError' })
  })
})
