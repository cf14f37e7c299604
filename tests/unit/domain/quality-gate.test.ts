import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gate } from '../../../main/domain/quality-gate.ts'
import { anOffer } from './an-offer.ts'

const reasons = (...offers: Parameters<typeof gate>[0]): string[] =>
  gate(offers).dropped.map((row) => row.reason)

describe('quality gate', () => {
  it('drops what cannot be believed', () => {
    expect(reasons(anOffer({ microsPerHour: 0 }))).toEqual(['its price is zero'])
    expect(reasons(anOffer({ microsPerHour: 900 }))[0]).toContain('not a plausible price')
    expect(reasons(anOffer({ microsPerHour: 900_000_000 }))[0]).toContain('for one H100')
    const slice = { name: 'H100', vendor: 'nvidia', count: 1, vramGiB: 10 }
    expect(reasons(anOffer({ gpu: slice }))).toEqual(['no H100 has 10 GiB'])
    expect(reasons(anOffer(), anOffer())).toEqual(['it is listed twice'])
  })

  it('compares spot with on demand of the same type, region and account', () => {
    const dear = anOffer({ spot: true, microsPerHour: 2_000_001 })
    expect(reasons(dear, anOffer())).toEqual(['spot costs more than on demand'])
    expect(reasons(dear, anOffer({ region: 'us-1' }))).toEqual([])
    expect(reasons(anOffer({ spot: true }), anOffer())).toEqual([])
  })

  it('believes own rates, zero included', () => {
    expect(reasons(anOffer({ source: 'own', microsPerHour: 0 }))).toEqual([])
  })

  it('keeps or counts every row', () => {
    const rows = fc.array(fc.integer({ min: 0, max: 1e9 }), { maxLength: 20 })
    fc.assert(
      fc.property(rows, (prices) => {
        const offers = prices.map((microsPerHour, index) =>
          anOffer({ microsPerHour, spot: index % 2 === 0, region: `r${index % 3}` }),
        )
        const gated = gate(offers)
        expect(gated.offers.length + gated.dropped.length).toBe(offers.length)
      }),
    )
  })
})
