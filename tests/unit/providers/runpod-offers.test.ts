import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { OfferQuery } from '../../../preload/contract/offer.ts'
import { gate } from '../../../main/domain/quality-gate.ts'
import { machineTypeOf, readMachineType } from '../../../main/providers/runpod/machine-type.ts'
import { offersOf, shapesFor } from '../../../main/providers/runpod/offers.ts'
import type { WireGpu } from '../../../main/providers/runpod/wire.ts'

const account = { id: 'a', providerId: 'runpod', name: 'mine', credentials: {}, settings: {} }

/** Ids and memory: docs.runpod.io/references/gpu-types; prices: published in autumn 2026. */
const rows = [
  ['NVIDIA B200', 180, 6.79, 'B200'],
  ['NVIDIA H200', 141, 4.59, 'H200'],
  ['NVIDIA H200 NVL', 143, 3.79, 'H200'],
  ['NVIDIA H100 80GB HBM3', 80, 3.99, 'H100'],
  ['NVIDIA H100 NVL', 94, 3.19, 'H100'],
  ['NVIDIA H100 PCIe', 80, 2.89, 'H100'],
  ['NVIDIA A100-SXM4-80GB', 80, 1.79, 'A100'],
  ['NVIDIA A100-SXM4-40GB', 40, 1, 'A100'],
  ['NVIDIA A100 80GB PCIe', 80, 1.59, 'A100'],
  ['NVIDIA A40', 48, 0.44, 'A40'],
  ['NVIDIA A30', 24, 0.22, 'A30'],
  ['NVIDIA L40S', 48, 1.09, 'L40S'],
  ['NVIDIA L40', 48, 0.69, 'L40'],
  ['NVIDIA L4', 24, 0.49, 'L4'],
  ['NVIDIA RTX 6000 Ada Generation', 48, 0.74, 'RTX 6000 Ada'],
  ['NVIDIA RTX 4000 SFF Ada Generation', 20, 0.2, 'RTX 4000 Ada'],
  ['NVIDIA RTX PRO 6000 Blackwell Server Edition', 96, 1.69, 'RTX PRO 6000'],
  ['NVIDIA RTX PRO 6000 Blackwell Workstation Edition', 96, 1.69, 'RTX PRO 6000'],
  ['NVIDIA RTX A6000', 48, 0.33, 'RTX A6000'],
  ['NVIDIA RTX A5000', 24, 0.16, 'RTX A5000'],
  ['NVIDIA RTX A2000', 6, 0.12, 'RTX A2000'],
  ['NVIDIA GeForce RTX 5090', 32, 0.69, 'RTX 5090'],
  ['NVIDIA GeForce RTX 4090', 24, 0.74, 'RTX 4090'],
  ['NVIDIA GeForce RTX 4080 SUPER', 16, 0.28, 'RTX 4080 SUPER'],
  ['NVIDIA GeForce RTX 3080 Ti', 12, 0.18, 'RTX 3080 Ti'],
  ['Tesla V100-SXM2-32GB', 32, 0.49, 'V100'],
  ['Tesla V100-FHHL-16GB', 16, 0.24, 'V100'],
  ['Tesla V100-PCIE-16GB', 16, 0.19, 'V100'],
] as const

function row(change: Partial<WireGpu> = {}): WireGpu {
  return {
    id: 'NVIDIA A40',
    manufacturer: 'NVIDIA',
    memory: 48,
    secure: true,
    community: true,
    price: { secure: 0.44, community: 0.31 },
    maxCount: { secure: 8, community: 2 },
    availability: 'HIGH',
    ...change,
  }
}

function offers(type: WireGpu, cloud: 'secure' | 'community' = 'secure', count = 1, query = {}) {
  return [...offersOf(type, { cloud, count }, account, query, 5)]
}

test.each(rows)('%s is read as it is, and believed', (id, memory, usd, name) => {
  const found = offers(row({ id, memory, price: { secure: usd, community: 0 } }), 'secure', 2)
  expect(found).toMatchObject([
    {
      id: `runpod:a:secure/2x ${id}:secure:od`,
      gpu: { name, vendor: 'nvidia', count: 2, vramGiB: memory },
      // The price is of one GPU.
      microsPerHour: Math.round(usd * 1_000_000) * 2,
      arch: 'x86_64',
      spot: false,
    },
  ])
  expect(gate(found).dropped).toEqual([])
})

test('a slice of a card is not the card, and what is of no known maker is no offer', () => {
  const slice = offers(row({ id: 'NVIDIA H100 80GB HBM3 MIG 1g.10gb', memory: 10 }))
  expect(slice[0]?.gpu?.name).not.toBe('H100')
  expect(offers(row({ id: 'unknown', manufacturer: 'UNKNOWN', memory: 0 }))).toEqual([])
  expect(
    offers(row({ id: 'AMD Instinct MI300X OAM', manufacturer: 'AMD', memory: 192 })),
  ).toMatchObject([{ gpu: { name: 'MI300X', vendor: 'amd' } }])
})

test('each cloud has its price, its ceiling and its places', () => {
  const dataCenters = [
    { id: 'US-KS-2', availability: 'LOW' },
    { id: 'EU-RO-1', availability: 'NONE' },
  ]
  expect(offers(row({ dataCenters }))).toMatchObject([
    { machineType: 'secure/NVIDIA A40', region: 'US-KS-2', availability: 'available' },
    { machineType: 'secure/NVIDIA A40', region: 'EU-RO-1', availability: 'none' },
  ])
  expect(offers(row({ dataCenters }), 'community', 2)).toMatchObject([
    { machineType: 'community/2x NVIDIA A40', region: 'community', microsPerHour: 620_000 },
  ])
  expect(offers(row(), 'community', 4)).toEqual([])
  expect(offers(row({ community: false }), 'community')).toEqual([])
})

test('what has no host with a driver for our image is not promised', () => {
  const version = (text: string, available = true) => ({ version: text, available })
  const told = (...cudaVersions: { version: string; available: boolean }[]) =>
    offers(row({ cudaVersions }))[0]?.availability
  expect(told(version('12.4'), version('12.8', false))).toBe('unknown')
  expect(told(version('12.4'), version('12.8'))).toBe('available')
  // Numbers, not decimals.
  expect(told(version('12.11'))).toBe('available')
  expect(told(version('13.0'))).toBe('available')
  expect(told()).toBe('available')
})

test('the disk is as large as is asked for, and counts are asked once each', () => {
  expect(offers(row())[0]?.diskGiB).toBe(50)
  expect(offers(row(), 'secure', 1, { minDiskGiB: 220.5 })[0]?.diskGiB).toBe(221)
  const secure = (query: OfferQuery) =>
    shapesFor(query).flatMap(({ cloud, count }) => (cloud === 'secure' ? count : []))
  expect(secure({})).toEqual([1, 2, 4, 8])
  expect(shapesFor({})).toHaveLength(8)
  expect(secure({ gpus: 3 })).toEqual([3, 4, 8])
  expect(secure({ gpus: 8 })).toEqual([8])
  expect(shapesFor({ machineType: 'community/3x NVIDIA A40' })).toMatchObject([
    { cloud: 'community', count: 3 },
  ])
})

test('a machine type says all that a launch needs', () => {
  const gpuIds = fc.constantFrom(...rows.map(([id]) => id))
  fc.assert(
    fc.property(
      fc.constantFrom('secure' as const, 'community' as const),
      gpuIds,
      fc.integer({ min: 1, max: 99 }),
      (cloud, gpuId, count) => {
        const machine = { cloud, gpuId, count }
        expect(readMachineType(machineTypeOf(machine))).toEqual(machine)
      },
    ),
  )
  expect(readMachineType('gpu_1x_a10')).toBeNull()
})
