import { expect, it } from 'vitest'
import type { Account } from '../../../main/providers/provider.ts'
import { gate } from '../../../main/domain/quality-gate.ts'
import { offerOf } from '../../../main/providers/digitalocean/offers.ts'
import { wireSizeSchema } from '../../../main/providers/digitalocean/wire.ts'

const account: Account = {
  id: 'do-1',
  providerId: 'digitalocean',
  name: 'mine',
  credentials: {},
  settings: {},
}

/** As the API description's own example has it (size of a GPU droplet), with the other sizes' values. */
const size = (slug: string, model: string, count: number, vram: number, usd: number) =>
  wireSizeSchema.parse({
    slug,
    memory: 245760,
    vcpus: 20,
    disk: 720,
    transfer: 15,
    price_monthly: usd * 672,
    price_hourly: usd,
    regions: ['tor1'],
    available: true,
    description: 'GPU',
    gpu_info: { count, model, vram: { amount: vram, unit: 'gib' } },
  })

const offer = (...row: Parameters<typeof size>) => offerOf(size(...row), 'tor1', account, 0)

it.each([
  ['gpu-h100x1-80gb', 'nvidia_h100', 1, 80, 3.39, 'H100', 80],
  ['gpu-h100x8-640gb', 'nvidia_h100', 8, 640, 23.92, 'H100', 80],
  ['gpu-h200x8-1128gb', 'nvidia_h200', 8, 1128, 27.52, 'H200', 141],
  ['gpu-mi300x8-1536gb', 'amd_mi300x', 8, 1536, 15.92, 'MI300X', 192],
  ['gpu-mi325x8-2048gb', 'amd_mi325x', 8, 2048, 30.4, 'MI325X', 256],
  ['gpu-l40sx1-48gb', 'nvidia_l40s', 1, 48, 1.57, 'L40S', 48],
  ['gpu-4000adax1-20gb', 'nvidia_rtx4000_ada', 1, 20, 0.76, 'RTX 4000 Ada', 20],
  ['gpu-6000adax1-48gb', 'nvidia_rtx6000_ada', 1, 48, 1.57, 'RTX 6000 Ada', 48],
] as const)('reads %s', (slug, model, count, vram, usd, name, vramGiB) => {
  const found = offer(slug, model, count, vram, usd)
  const vendor = model.startsWith('amd') ? 'amd' : 'nvidia'
  expect(found?.gpu).toEqual({ name, vendor, count, vramGiB })
  expect(found?.microsPerHour).toBe(Math.round(usd * 100) * 10_000)
  expect(gate(found === null ? [] : [found]).dropped).toEqual([])
})

it('reads the memory of one GPU too, should the figure be that of one', () => {
  expect(offer('gpu-h100x8-640gb', 'nvidia_h100', 8, 80, 23.92)?.gpu?.vramGiB).toBe(80)
  expect(offer('gpu-h200x8-1128gb', 'nvidia_h200', 8, 141, 27.52)?.gpu?.vramGiB).toBe(141)
})

it('divides for a GPU that it does not know', () => {
  expect(offer('gpu-zz9x4', 'nvidia_zz9', 4, 400, 8)?.gpu).toMatchObject({ count: 4, vramGiB: 100 })
})

it('takes a price that came as a 32-bit number for what was meant', () => {
  expect(offer('gpu-x', 'nvidia_l40s', 1, 48, 1.5700000524520874)?.microsPerHour).toBe(1_570_000)
})
