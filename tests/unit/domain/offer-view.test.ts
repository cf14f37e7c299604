import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Offer } from '../../../preload/contract/offer.ts'
import { offerColumns } from '../../../preload/contract/offer-view.ts'
import { finishColumn } from '../../../main/domain/offers/finish-cost.ts'
import { gpuSpeed } from '../../../main/domain/offers/gpu-speed.ts'
import { listOffers } from '../../../main/domain/offers/listed-offer.ts'
import { readOfferText } from '../../../main/domain/offers/offer-text.ts'
import { regionGroup } from '../../../main/domain/offers/region-group.ts'
import { filterRows, readFilter, relaxations } from '../../../main/domain/offers/view-filter.ts'
import { sortedPositions, sortKeys } from '../../../main/domain/offers/view-sort.ts'
import { manyOffers } from '../../support/many-offers.ts'
import { anOffer } from './an-offer.ts'

const origin = { providerName: 'Vast.ai', accountName: 'main', stopsByItself: true as const }
const vocabulary = {
  regions: ['denmark, dk', 'us-east-2', 'eu-north-1'],
  providers: [
    { id: 'vast', name: 'Vast.ai' },
    { id: 'aws', name: 'AWS' },
  ],
}

function gpu(name: string, vramGiB: number, count = 1) {
  return { name, vendor: 'nvidia', count, vramGiB }
}

function fits(text: string, changes: Partial<Record<keyof Offer, unknown>>): boolean {
  const [row] = listOffers([anOffer({ providerId: 'vast', ...changes })], origin)
  return row !== undefined && readOfferText(text, vocabulary).holds(row, false)
}

describe('the free text', () => {
  const dane = { gpu: gpu('RTX 4090', 24), region: 'Denmark, DK' }
  const h100 = { gpu: gpu('H100', 80), region: 'eu-north-1' }

  it('takes words about the same thing as alternatives, about different things together', () => {
    expect(fits('4090, h100', dane)).toBe(true)
    expect(fits('4090, h100', h100)).toBe(true)
    expect(fits('4090, h100, ≥ 40 GB', dane)).toBe(false)
    expect(fits('4090, h100, ≥ 40 GB, eu', h100)).toBe(true)
    expect(fits('4090, h100, ≥ 40 GB, us', h100)).toBe(false)
    expect(fits('a100', h100)).toBe(false)
  })

  it.each([
    ['rtx 4090', true],
    ['rtx4090 denmark', true],
    ['nvidia rtx 4090', true],
    ['409', true],
    ['rtx', true],
    ['vast', true],
    ['aws', false],
    ['-aws', true],
    ['not vast', false],
    ['24gb', true],
    ['24 GB+', true],
    ['48gb, 24gb', true],
    ['>=48', false],
    ['at least 20 GB', true],
    ['under $1', false],
    ['$2', true],
    ['<= 2.5 $/gpu-h', true],
    ['1x 4090', true],
    ['8x4090', false],
    ['>= 2 gpus', false],
    ['spot', false],
    ['on demand', true],
    ['arm64', false],
    ['x86', true],
    ['amd', false],
    ['available', true],
    ['favourites', false],
    ['no gpu', false],
    ['sandbox', false],
    ['greenland', false],
    ['>=', true],
    ['   ,, ', true],
  ])('%s on a 4090 in Denmark at $2.00: %s', (text, expected) => {
    expect(fits(text, dane)).toBe(expected)
  })

  it('says how it was understood', () => {
    expect(readOfferText('4090, h100, ≥ 40 GB, eu, -spot', vocabulary).understood).toEqual([
      'GPU 4090 or GPU h100',
      'at least 40 GB',
      'Europe',
      'not spot',
    ])
  })

  it('takes any text without failing', () => {
    const rows = listOffers(manyOffers(40), origin)
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'binary' }), (text) => {
        const { holds } = readOfferText(text, vocabulary)
        for (const row of rows) expect(typeof holds(row, false)).toBe('boolean')
      }),
    )
  })
})

const rows = listOffers(manyOffers(600), origin)
const filters = fc.record(
  {
    text: fc.constantFrom('', 'h100', '4090, eu', '≥ 40 GB', 'spot -amd', 'under $3', 'type-1'),
    minVramGiB: fc.constantFrom(16, 24, 40, 80),
    gpuCounts: fc.subarray([0, 1, 2, 4, 8], { minLength: 1 }),
    regionGroups: fc.subarray(['europe', 'north-america', 'unknown'] as const, { minLength: 1 }),
    spot: fc.boolean(),
    available: fc.constant(true as const),
    maxMicrosPerGpuHour: fc.integer({ min: 100_000, max: 9_000_000 }),
    arch: fc.constantFrom('x86_64' as const, 'arm64' as const),
    favourites: fc.constant(true as const),
  },
  { requiredKeys: [] },
)

describe('a view of offers', () => {
  it('holds exactly the rows that pass every part of the filter', () => {
    const favourites = new Set(rows.slice(0, 300).map(({ offer }) => offer.id))
    fc.assert(
      fc.property(filters, (filter) => {
        const { parts } = readFilter(filter as never, vocabulary)
        const expected = rows.flatMap((row, index) => {
          const { gpu: card, arch, spot, availability, id } = row.offer
          const holds =
            (filter.minVramGiB === undefined || (card?.vramGiB ?? 0) >= filter.minVramGiB * 0.98) &&
            (filter.gpuCounts?.includes(card?.count ?? 0) ?? true) &&
            (filter.regionGroups?.includes(row.regionGroup as never) ?? true) &&
            (filter.spot ?? spot) === spot &&
            (filter.available === undefined || ['available', 'unknown'].includes(availability)) &&
            (filter.maxMicrosPerGpuHour === undefined ||
              (row.microsPerGpuHour ?? Infinity) <= filter.maxMicrosPerGpuHour) &&
            (filter.arch ?? arch) === arch &&
            (filter.favourites === undefined || favourites.has(id)) &&
            readOfferText(filter.text ?? '', vocabulary).holds(row, favourites.has(id))
          return holds ? [index] : []
        })
        expect([...filterRows(rows, parts, favourites)]).toEqual(expected)
        if (expected.length > 0) return
        for (const { part, matching } of relaxations(rows, parts, favourites)) {
          const others = parts.filter((one) => one.part !== part)
          expect(filterRows(rows, others, favourites)).toHaveLength(matching)
        }
      }),
    )
  })

  it.each(offerColumns)(
    'sorts by %s: every row once, unknown last, equal ones in place',
    (column) => {
      const finish = finishColumn(rows, { gpus: 1 }, jobSize)
      const keys = sortKeys(rows, column, finish.micros)
      for (const descending of [false, true]) {
        const order = sortedPositions(keys, descending)
        const expected = [...keys.keys()].sort(
          (a, b) => naive(keys[a], keys[b], descending) || a - b,
        )
        expect([...order]).toEqual(expected)
      }
    },
  )

  it('sorts any numbers as a stable comparing sort does', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), fc.boolean(), (numbers, descending) => {
        const keys = Float64Array.from(numbers)
        const expected = [...keys.keys()].sort(
          (a, b) => naive(keys[a], keys[b], descending) || a - b,
        )
        // Infinity is the one known key that cannot be told from an unknown one.
        fc.pre(numbers.every((one) => Math.abs(one) !== Infinity))
        expect([...sortedPositions(keys, descending)]).toEqual(expected)
      }),
    )
  })

  it('says per row why a job does not fit', () => {
    const arm = listOffers([anOffer({ arch: 'arm64' }), anOffer()], origin)
    const column = finishColumn(arm, {}, jobSize)
    expect(column.misfits).toEqual(['other architecture', undefined])
    expect(column.micros[0]).toBeNaN()
    expect(column.micros[1]).toBeGreaterThan(0)
  })
})

const jobSize = {
  uploadBytes: 1_000_000,
  downloadBytesGuess: 1_000_000,
  expectedRunMs: 600_000,
  maxDurationMs: null,
  budgetMicros: null,
  bytesPerSecond: null,
  warm: false,
}

function naive(a: number | undefined, b: number | undefined, descending: boolean): number {
  const [one, other] = [a ?? Number.NaN, b ?? Number.NaN]
  if (Number.isNaN(one) || Number.isNaN(other)) {
    return Number(Number.isNaN(one)) - Number(Number.isNaN(other))
  }
  return one === other ? 0 : one < other !== descending ? -1 : 1
}

describe('what is derived of an offer', () => {
  it.each([
    ['eu-west-1', 'europe'],
    ['EU-RO-1', 'europe'],
    ['westeurope', 'europe'],
    ['Denmark, DK', 'europe'],
    ['uksouth', 'europe'],
    ['us-east-1', 'north-america'],
    ['eastus2', 'north-america'],
    ['canadacentral', 'north-america'],
    ['CA-MTL-1', 'north-america'],
    ['nyc3', 'north-america'],
    ['southamerica-east1', 'south-america'],
    ['sa-east-1', 'south-america'],
    ['southeastasia', 'asia-pacific'],
    ['asia-northeast1', 'asia-pacific'],
    ['ap-south', 'asia-pacific'],
    ['jp-tok', 'asia-pacific'],
    ['me-central-1', 'middle-east-africa'],
    ['southafricanorth', 'middle-east-africa'],
    ['', 'unknown'],
    ['Mars', 'unknown'],
  ])('%s lies in %s', (region, group) => {
    expect(regionGroup(region)).toBe(group)
  })

  it('knows speeds by model and memory, and admits what it does not know', () => {
    expect(gpuSpeed('A100', 80)).toEqual({ tflops: 312, bandwidthGBps: 2039 })
    expect(gpuSpeed('A100', 40)).toEqual({ tflops: 312, bandwidthGBps: 1555 })
    expect(gpuSpeed('P40', 24).tflops).toBeNull()
    expect(gpuSpeed('Imaginary 1', 8)).toEqual({ tflops: null, bandwidthGBps: null })
  })
})
