import { expect, it } from 'vitest'
import { offerSchema } from '../../../preload/contract/offer.ts'
import { collect } from '../../support/collect.ts'
import type { Rig } from '../rig.ts'
import { failure, forever } from '../rig.ts'

/** What is on offer, and whether the prices can be believed. */
export function offerCases(rig: () => Rig): void {
  it('lists offers that satisfy the contract, each once, of this account', async () => {
    const offers = await collect(rig().session.offers({}, forever))
    expect(offers.length).toBeGreaterThan(0)
    for (const offer of offers) {
      expect(offerSchema.safeParse(offer).error).toBeUndefined()
      expect(offer.providerId).toBe(rig().world.provider.about.id)
      expect(offer.accountId).toBe(rig().world.account.id)
      expect(offer.simulated).toBe(rig().world.provider.about.simulated)
    }
    expect(new Set(offers.map(({ id }) => id)).size).toBe(offers.length)
  })

  it('gives prices that are neither free nor absurd, with an age', async () => {
    const before = rig().now()
    for (const offer of await collect(rig().session.offers({}, forever))) {
      expect(offer.microsPerHour, offer.id).toBeGreaterThan(0)
      expect(offer.microsPerHour / (offer.gpu?.count ?? 1), offer.id).toBeLessThan(200_000_000)
      if (offer.source === 'live')
        expect(offer.fetchedAt).toBeGreaterThanOrEqual(before - 3_600_000)
      expect(offer.fetchedAt).toBeLessThanOrEqual(rig().now() + 1000)
    }
  })

  it('never sells spot above on demand', async () => {
    const offers = await collect(rig().session.offers({}, forever))
    const key = (offer: (typeof offers)[number]): string => `${offer.machineType} ${offer.region}`
    const onDemand = new Map(
      offers.filter(({ spot }) => !spot).map((offer) => [key(offer), offer.microsPerHour]),
    )
    for (const offer of offers.filter(({ spot }) => spot)) {
      expect(offer.microsPerHour, offer.id).toBeLessThanOrEqual(
        onDemand.get(key(offer)) ?? Infinity,
      )
    }
    if (rig().world.provider.capabilities.spot !== true)
      expect(offers.some(({ spot }) => spot)).toBe(false)
  })

  it('stops listing when told to', async () => {
    const error = await failure(collect(rig().session.offers({}, AbortSignal.abort())))
    expect(error.code).toBe('cancelled')
  })
}
