import { billingTerms } from './billing-terms.ts'
import type { BillingName } from './billing-terms.ts'
import { gpuModels } from './gpu-models.ts'
import type { GpuModelId } from './gpu-models.ts'

/** One rentable machine type. Prices are of the cheapest region, in micro-dollars an hour. */
export interface MachineType {
  readonly name: string
  readonly gpu: { readonly model: GpuModelId; readonly count: number } | null
  readonly vcpus: number
  readonly memoryGiB: number
  readonly diskGiB: number
  readonly arch: 'x86_64' | 'arm64'
  readonly onDemandMicros: number
  /** Null where the type is not sold as spot. */
  readonly spotMicros: number | null
  readonly billing: BillingName
  /** Machines that can be rented at once in each region. */
  readonly capacity: number
  /** Launch accepted to running; simulated, hence seconds and not minutes. */
  readonly bootMs: number
  /** Whether it starts from a container image, if one is asked for. */
  readonly images: boolean
  readonly regions: readonly Region[]
}

export type Region = 'us-east' | 'us-west' | 'eu-west' | 'eu-north' | 'ap-south'

/** Price factor of each region in thousandths. */
export const regionPerMille: Readonly<Record<Region, number>> = {
  'us-east': 1000,
  'us-west': 1020,
  'eu-west': 1060,
  'eu-north': 1010,
  'ap-south': 1120,
}

const markets: Readonly<Record<string, readonly Region[]>> = {
  all: ['us-east', 'us-west', 'eu-west', 'eu-north', 'ap-south'],
  west: ['us-east', 'us-west', 'eu-west'],
  few: ['us-east', 'eu-north'],
}

/** Everything the sandbox rents out: made up, but near what such machines cost in late 2026. */
const table = `
  name         gpus       arch   vcpus GiB  diskGiB micros/h spot     billing      stock bootMs images regions
  cpu-2        -          x86_64 2     8    50      42000    14000    second       400   2000   -      all
  cpu-8        -          x86_64 8     32   100     168000   58000    second       200   2000   -      all
  cpu-32       -          x86_64 32    128  200     672000   230000   minute       100   2200   -      west
  t4-1         1xt4       x86_64 4     16   100     350000   120000   second       200   2200   -      all
  t4-2         2xt4       x86_64 8     32   100     700000   245000   second       100   2200   -      west
  t4-4         4xt4       x86_64 16    64   200     1400000  490000   second       50    2400   -      west
  v100-1       1xv100     x86_64 6     46   200     550000   -        hour         20    3000   -      few
  v100-8       8xv100     x86_64 88    448  2000    4400000  -        hour         8     3400   -      few
  l4-1         1xl4       x86_64 8     32   100     700000   260000   second       100   2200   -      all
  l4-4         4xl4       x86_64 48    192  400     2800000  1060000  secondExtras 30    2400   -      west
  a10-1        1xa10      x86_64 30    200  500     750000   -        minute       60    2600   -      west
  a10-2        2xa10      x86_64 60    400  500     1500000  -        minute       30    2600   -      west
  a4000-1      1xa4000    x86_64 8     45   100     400000   170000   minute       40    2400   image  few
  a6000-1      1xa6000    x86_64 14    100  200     800000   330000   minute       40    2400   image  west
  a6000-4      4xa6000    x86_64 56    400  800     3200000  1320000  minute       12    2600   image  west
  rtx6000ada-1 1xada6000  x86_64 16    96   200     990000   410000   second       30    2400   image  few
  rtx3090-1    1xrtx3090  x86_64 8     32   80      260000   110000   second       60    2800   image  few
  rtx4090-1    1xrtx4090  x86_64 16    62   100     440000   200000   second       80    2600   image  all
  rtx4090-2    2xrtx4090  x86_64 32    124  200     880000   400000   second       40    2600   image  west
  rtx4090-8    8xrtx4090  x86_64 128   500  800     3520000  1640000  second       8     3000   image  few
  rtx5090-1    1xrtx5090  x86_64 16    92   150     890000   410000   second       40    2600   image  west
  rtx5090-4    4xrtx5090  x86_64 64    368  600     3560000  1650000  second       10    2800   image  few
  l40s-1       1xl40s     x86_64 16    128  250     1090000  460000   secondExtras 40    2400   -      west
  l40s-4       4xl40s     x86_64 64    512  1000    4360000  1840000  secondExtras 10    2600   -      west
  a100-40-1    1xa100x40  x86_64 12    85   250     1290000  560000   second       60    2600   -      all
  a100-40-8    8xa100x40  x86_64 96    680  2000    10320000 4480000  second       8     3200   -      few
  a100-pcie-1  1xa100pcie x86_64 16    117  250     1390000  640000   second       40    2600   image  west
  a100-80-1    1xa100x80  x86_64 22    160  300     1790000  780000   second       40    2600   -      west
  a100-80-4    4xa100x80  x86_64 88    640  1200    7160000  3120000  second       10    2800   -      west
  a100-80-8    8xa100x80  x86_64 176   1280 2400    14320000 6240000  minuteLaunch 6     3400   -      few
  h100-pcie-1  1xh100pcie x86_64 26    200  400     2390000  1190000  second       30    2600   image  west
  h100-1       1xh100sxm  x86_64 26    225  500     2990000  1450000  second       40    2800   -      all
  h100-2       2xh100sxm  x86_64 52    450  1000    5980000  2900000  second       16    2800   -      west
  h100-4       4xh100sxm  x86_64 104   900  2000    11960000 5800000  second       8     3000   -      west
  h100-8       8xh100sxm  x86_64 208   1800 4000    23920000 11600000 minuteLaunch 4     3600   -      few
  h200-1       1xh200     x86_64 24    240  500     3590000  1890000  second       20    2800   image  west
  h200-8       8xh200     x86_64 192   1920 4000    28720000 15120000 minuteLaunch 3     3800   -      few
  b200-1       1xb200     x86_64 28    280  500     5490000  2990000  second       10    3000   image  few
  b200-8       8xb200     x86_64 224   2240 4000    43920000 23900000 minuteLaunch 2     4000   -      few
  gh200-1      1xgh200    arm64  64    432  1000    1490000  -        minute       12    3000   -      few
  mi300x-1     1xmi300x   x86_64 24    283  500     2490000  1290000  second       12    3000   image  few
  mi300x-8     8xmi300x   x86_64 192   2264 4000    19920000 10320000 minuteLaunch 2     3800   image  few
`

/** The table, parsed. Throws at start-up on a row that makes no sense. */
export const catalogue: readonly MachineType[] = table
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => machineType(line.trim().split(/\s+/)))

function machineType(cells: readonly string[]): MachineType {
  const cell = (index: number): string => cells[index] ?? ''
  const whole = (index: number): number => {
    const value = Number(cell(index))
    if (!Number.isInteger(value) || value <= 0) {
      throw new Error(`Catalogue: "${cell(index)}" in the row of ${cell(0)} is not a whole number.`)
    }
    return value
  }
  const billing = cell(8)
  const regions = markets[cell(12)]
  if (!isBillingName(billing) || regions === undefined) {
    throw new Error(`Catalogue: the row of ${cell(0)} has unknown terms or regions.`)
  }
  return {
    name: cell(0),
    gpu: gpuOf(cell(1)),
    arch: cell(2) === 'arm64' ? 'arm64' : 'x86_64',
    vcpus: whole(3),
    memoryGiB: whole(4),
    diskGiB: whole(5),
    onDemandMicros: whole(6),
    spotMicros: cell(7) === '-' ? null : whole(7),
    billing,
    capacity: whole(9),
    bootMs: whole(10),
    images: cell(11) === 'image',
    regions,
  }
}

function gpuOf(cell: string): MachineType['gpu'] {
  if (cell === '-') return null
  const [count, model] = cell.split(/x(.+)/)
  if (model === undefined || !isGpuModel(model))
    throw new Error(`Catalogue: there is no GPU "${cell}".`)
  return { model, count: Number(count) }
}

function isBillingName(name: string): name is BillingName {
  return Object.hasOwn(billingTerms, name)
}
function isGpuModel(name: string): name is GpuModelId {
  return Object.hasOwn(gpuModels, name)
}
