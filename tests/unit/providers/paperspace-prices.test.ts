import { expect, it } from 'vitest'
import { gate } from '../../../main/domain/quality-gate.ts'
import type { Account } from '../../../main/providers/provider.ts'
import { microsPerHour } from '../../../main/providers/paperspace/instance.ts'
import { offerOf } from '../../../main/providers/paperspace/offers.ts'
import { diskFor } from '../../../main/providers/paperspace/price-list.ts'
import { Rates } from '../../../main/providers/paperspace/rates.ts'
import { wireMachineSchema } from '../../../main/providers/paperspace/wire.ts'
import { templates, wireMachine } from '../../support/clouds/paperspace-shapes.ts'

const account: Account = {
  id: 'ps-1',
  providerId: 'paperspace',
  name: 'mine',
  credentials: {},
  settings: {},
}
const [template] = templates

const offer = (label: string, minDiskGiB?: number) => {
  const rate = new Rates().of(label)
  return template === undefined || rate === null
    ? null
    : offerOf(
        label,
        'ny2',
        'unknown',
        template,
        rate,
        minDiskGiB === undefined ? {} : { minDiskGiB },
        account,
      )
}

it.each([
  ['A4000', 'RTX A4000', 1, 16, 0.76],
  ['A4000x2', 'RTX A4000', 2, 16, 1.52],
  ['A100', 'A100', 1, 40, 3.09],
  ['A100-80Gx8', 'A100', 8, 80, 25.44],
  ['V100-32Gx4', 'V100', 4, 32, 9.2],
  ['H100x8', 'H100', 8, 80, 47.6],
  ['GPU+', 'M4000', 1, 8, 0.45],
  ['GPU+x2', 'M4000', 2, 8, 0.9],
  ['P6000', 'P6000', 1, 24, 1.1],
  ['RTX4000', 'RTX 4000', 1, 8, 0.56],
  ['RTX5000', 'RTX 5000', 1, 16, 0.82],
] as const)('reads %s', (label, name, count, vramGiB, usd) => {
  const found = offer(label)
  expect(found?.gpu).toEqual({ name, vendor: 'nvidia', count, vramGiB })
  // With the public address that it needs.
  expect(found?.microsPerHour).toBe(Math.round(usd * 100) * 10_000 + 4_500)
  expect(gate(found === null ? [] : [found]).dropped).toEqual([])
})

it.each(['C5', 'TPU', 'H100x0', 'x2'])(
  'leaves out %s, which the price list does not know',
  (label) => {
    expect(offer(label)).toBeNull()
  },
)

it('gives the smallest disk that is large enough, and never reckons it cheaper than it is', () => {
  expect(offer('A4000')?.diskGiB).toBe(100)
  expect(offer('A4000', 101)?.diskGiB).toBe(250)
  expect(offer('A4000', 5_000)?.diskGiB).toBe(2_000)
  for (const [gib, price] of [
    [50, 7_400],
    [100, 10_400],
    [250, 14_900],
    [500, 37_200],
    [1_000, 81_800],
    [2_000, 178_600],
  ] as const) {
    const { sizeGb, microsPerGibHour } = diskFor(gib)
    expect(sizeGb).toBe(gib)
    expect(sizeGb * microsPerGibHour).toBeGreaterThanOrEqual(price)
    expect(sizeGb * microsPerGibHour).toBeLessThan(price + sizeGb)
  }
})

it('believes what a machine says that it costs only where that can be dollars an hour', () => {
  const machine = wireMachineSchema.parse(
    wireMachine({
      id: 'ps1',
      name: 'x',
      type: 'A4000',
      region: 'ny2',
      diskSize: 100,
      state: 'ready',
      address: null,
      createdAt: 0,
      deletedAt: null,
    }),
  )
  const of = (usageRate: number, machineType = 'A4000') =>
    microsPerHour({ ...machine, usageRate, machineType })
  expect(of(0.9)).toBe(904_500)
  // Cents, a month's price, nothing at all.
  for (const rate of [76, 547, 0]) expect(of(rate)).toBe(764_500)
  expect(of(2.5, 'B300')).toBe(2_504_500)
  expect(of(0, 'B300')).toBeNull()
})
