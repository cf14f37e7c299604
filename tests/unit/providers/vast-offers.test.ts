import { assert, double, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { offerSchema, type Offer } from '../../../preload/contract/offer.ts'
import { allInMicrosPerHour } from '../../../main/domain/billing.ts'
import { gate } from '../../../main/domain/quality-gate.ts'
import { filtersFor } from '../../../main/providers/vast/asks.ts'
import { eachOnce, offersOf, regionOf } from '../../../main/providers/vast/offers.ts'
import { bidFor, dollars, gbFor, gibIn } from '../../../main/providers/vast/units.ts'
import { wireAskSchema } from '../../../main/providers/vast/wire.ts'
import { askRow, hosts, oneHost } from '../../support/clouds/vast-asks.ts'

const account = { id: 'a', providerId: 'vast', name: 'mine', credentials: {}, settings: {} }
const now = Date.UTC(2026, 9, 2)

const offered = (change: Readonly<Record<string, unknown>> = {}, diskGiB = 50) => {
  const row = { ...askRow(oneHost, 70_001, 54, now), ...change }
  return offersOf(wireAskSchema.parse(row), diskGiB, account, now)
}

function first(change: Readonly<Record<string, unknown>> = {}): Offer {
  const [offer] = offered(change)
  if (offer === undefined) throw new Error('The row makes no offer.')
  return offer
}

describe('offers of Vast.ai', () => {
  it('reads a row: prices for all GPUs, disk by the month, traffic by the GB', () => {
    const [onDemand, spot] = offered()
    expect(offerSchema.safeParse(onDemand).error).toBeUndefined()
    expect(onDemand).toMatchObject({
      id: 'vast:a:1x-rtx-4090-m1001:US-California:od',
      machineType: '1x-rtx-4090-m1001',
      region: 'US-California',
      gpu: { name: 'RTX 4090', vendor: 'nvidia', count: 1, vramGiB: 24 },
      vcpus: 16,
      memoryGiB: 62.9,
      diskGiB: 50,
      microsPerHour: 334_000,
      // $0.15 a GB and month of 720 hours; $0.005 a GB out.
      billing: { startsAt: 'running', diskMicrosPerGibHour: 224, egressMicrosPerGib: 5_369 },
      reliability: 0.9931,
    })
    expect(spot).toMatchObject({ spot: true, microsPerHour: 160_001 })
  })

  it('reckons with at least what Vast.ai itself says the disk costs', () => {
    const { dph_total: total } = askRow(oneHost, 1, 50, now)
    expect(allInMicrosPerHour(first())).toBeGreaterThanOrEqual(dollars(total))
  })

  it.each([
    ['A100 SXM4', 39_936, 'A100', 40],
    ['A100 SXM4', 81_920, 'A100', 80],
    ['A10', 23_028, 'A10', 24],
    ['H100 NVL', 95_830, 'H100', 94],
    ['Tesla T4', 15_360, 'T4', 16],
    ['RTX 6000Ada', 49_140, 'RTX 6000 Ada', 48],
    ['H200', 143_771, 'H200', 141],
  ])('takes %s with %d MB for %s with %d GiB', (name, mb, model, vramGiB) => {
    expect(offered({ gpu_name: name, gpu_ram: mb })[0]?.gpu).toMatchObject({ name: model, vramGiB })
  })

  it('offers no spot where the least bid is above the price, or none is taken', () => {
    expect(offered({ min_bid: 0.5 })).toHaveLength(1)
    expect(offered({ min_bid: null })).toHaveLength(1)
  })

  it('leaves open what a host does not tell, and leaves out what has no room', () => {
    const [bare] = offered({ cpu_cores: null, cpu_ram: null, geolocation: null })
    expect(bare).toMatchObject({ memoryGiB: null, region: 'unknown' })
    expect(offered({ disk_space: 8 })).toEqual([])
    expect(offered({ disk_space: 40 })[0]?.diskGiB).toBe(37)
  })

  it('passes the quality gate with every host that can be had', () => {
    const rows = hosts.map((host, index) => askRow(host, 70_000 + index, 54, now))
    const asks = rows.flatMap((row) => wireAskSchema.safeParse(row).data ?? [])
    const offers = eachOnce(asks.flatMap((ask) => offersOf(ask, 50, account, now)))
    expect(gate(offers).dropped).toEqual([])
  })

  it('keeps the cheaper of two asks of one machine', () => {
    expect(
      eachOnce([first({ dph_base: 0.4 }), first()]).map(({ microsPerHour }) => microsPerHour),
    ).toEqual([334_000])
  })

  it('names places country first', () => {
    expect(regionOf('Washington, US')).toBe('US-Washington')
    expect(regionOf(', NL')).toBe('NL')
    expect(regionOf('Baden Württemberg, DE')).toBe('DE-Baden-Württemberg')
  })
})

describe('units of Vast.ai', () => {
  it('never bids below the least bid, nor more than a micro-dollar above', () => {
    assert(
      property(double({ min: 0.001, max: 128, noNaN: true }), (bid) => {
        const micros = Number(bidFor({ min_bid: bid }))
        // Floats of the API are compared as floats; half a billionth of a dollar is their noise.
        expect(micros / 1e6).toBeGreaterThanOrEqual(bid - 5e-10)
        expect(micros / 1e6).toBeLessThanOrEqual(bid + 1.001e-6)
      }),
    )
  })

  it('asks for disks that hold what is wanted, whichever GB are meant', () => {
    assert(
      property(integer({ min: 1, max: 20_000 }), (gib) => {
        expect(gbFor(gib) * 1e9).toBeGreaterThanOrEqual(gib * 2 ** 30)
        expect(gibIn(gbFor(gib))).toBeGreaterThanOrEqual(gib)
      }),
    )
  })
})

describe('the search at Vast.ai', () => {
  it('asks for the memory of a GPU by name, with room for how it is reported', () => {
    expect(filtersFor({ gpuName: 'rtx 4090' })['gpu_ram']).toEqual({ gte: 22_118, lte: 27_034 })
    expect(filtersFor({ gpuName: 'A100', minVramGiB: 80 })['gpu_ram']).toEqual({
      gte: 73_728,
      lte: 90_112,
    })
  })

  it('asks for one machine by the type of its offer, and for none by a strange one', () => {
    expect(filtersFor({ machineType: '2x-rtx-4090-m1001' })).toMatchObject({
      num_gpus: { eq: 2 },
      machine_id: { eq: 1001 },
    })
    expect(filtersFor({ machineType: 'gpu_1x_a10' })).toMatchObject({ machine_id: { eq: 0 } })
  })
})
