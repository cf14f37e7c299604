import { describe, expect, it } from 'vitest'
import { offerQuerySchema } from '../../../preload/contract/offer.ts'
import type { OfferQuery } from '../../../preload/contract/offer.ts'
import { explainNoOffer } from '../../../main/domain/explain-no-offer.ts'
import { offerFilter } from '../../../main/domain/offer-filter.ts'
import { anOffer } from './an-offer.ts'

const l4 = { name: 'L4', vendor: 'nvidia', count: 1, vramGiB: 24 }
const offers = [
  anOffer(),
  anOffer({ region: 'us-1', microsPerHour: 2_500_000 }),
  anOffer({ machineType: 'l4-1x', gpu: l4, microsPerHour: 700_000 }),
  anOffer({ machineType: 'l4-1x', gpu: l4, microsPerHour: 300_000, spot: true }),
  anOffer({ machineType: 'l4-8x', gpu: { ...l4, count: 8 }, microsPerHour: 5_600_000 }),
  anOffer({ machineType: 'cpu', gpu: null, microsPerHour: 100_000 }),
  anOffer({ machineType: 'arm', arch: 'arm64' }),
  anOffer({ machineType: 'mi', gpu: { name: 'MI300X', vendor: 'amd', count: 1, vramGiB: 192 } }),
  anOffer({ machineType: 'own', gpu: null, source: 'own', microsPerHour: 0, arch: 'arm64' }),
]
const query = (wanted: Readonly<Record<string, unknown>>): OfferQuery =>
  offerQuerySchema.parse(wanted)
const fits = (wanted: Readonly<Record<string, unknown>>): string[] =>
  offers.filter(offerFilter(query(wanted))).map((offer) => offer.id.split(':').slice(2).join(' '))
const why = (wanted: Readonly<Record<string, unknown>>): string => {
  expect(fits(wanted)).toEqual([])
  return explainNoOffer(offers, query(wanted))
}

describe('offer filter', () => {
  it('takes what nearly everyone needs by default', () => {
    expect(fits({})).toEqual([
      'h100-1x eu-1 od',
      'h100-1x us-1 od',
      'l4-1x eu-1 od',
      'l4-1x eu-1 spot',
      'l4-8x eu-1 od',
      'own eu-1 od',
    ])
    expect(fits({ gpus: 0, maxMicrosPerHour: 100_000 })).toEqual(['cpu eu-1 od', 'own eu-1 od'])
  })

  it('restricts by every wish', () => {
    expect(fits({ gpuName: 'l4', spot: false })).toEqual(['l4-1x eu-1 od', 'l4-8x eu-1 od'])
    expect(fits({ gpuName: 'L4', gpus: 4 })).toEqual(['l4-8x eu-1 od'])
    expect(fits({ minVramGiB: 80, region: 'US-1' })).toEqual(['h100-1x us-1 od'])
    expect(fits({ gpuName: 'mi300x' })).toEqual(['mi eu-1 od'])
    expect(fits({ arch: 'arm64', gpus: 1 })).toEqual(['arm eu-1 od'])
    expect(fits({ providerId: 'other' })).toEqual([])
  })
})

describe('the sentence when nothing fits', () => {
  it('knows a slip of the pen', () => {
    expect(why({ gpuName: 'h1000' })).toBe('No GPU is called "h1000"; did you mean "H100"?')
    expect(why({ gpuName: 'zzzzzzzz' })).toContain('see "sublet offers"')
  })

  it('names the cheapest price', () => {
    expect(why({ gpuName: 'H100', maxMicrosPerHour: 1_000_000 })).toBe(
      'The cheapest offer that fits costs $2.00/h (1× H100, sandbox eu-1), above your limit of $1.00/h: raise --max-price. Or choose another --gpu.',
    )
  })

  it('names the one wish that excludes', () => {
    expect(why({ gpuName: 'H100', spot: true })).toBe(
      '1 offer would fit but for the GPU "H100" (there is L4): choose another --gpu. Or change --spot.',
    )
    expect(why({ region: 'eu-2' })).toBe(
      '6 offers would fit but for the region "eu-2" (did you mean "eu-1"?): choose another --region or leave it out.',
    )
  })

  it('counts when several exclude together, and when there is nothing', () => {
    const several = why({ gpuName: 'B200', region: 'moon', minVramGiB: 500 })
    expect(several).toContain('None of 9 offers fits')
    expect(several).toContain('the region "moon" excludes 9')
    expect(explainNoOffer([], query({}))).toContain('No provider has any offer')
  })
})
