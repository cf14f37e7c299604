import type { BillingName } from './billing-terms.ts'
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

const everywhere: readonly Region[] = ['us-east', 'us-west', 'eu-west', 'eu-north', 'ap-south']
const west: readonly Region[] = ['us-east', 'us-west', 'eu-west']
const few: readonly Region[] = ['us-east', 'eu-north']

type Gpu = MachineType['gpu']
type Size = readonly [vcpus: number, memoryGiB: number, diskGiB: number]
type Price = readonly [onDemandMicros: number, spotMicros: number | null]

function machine(
  name: string,
  gpu: Gpu,
  [vcpus, memoryGiB, diskGiB]: Size,
  [onDemandMicros, spotMicros]: Price,
  billing: BillingName,
  capacity: number,
  bootMs: number,
  regions: readonly Region[],
  more: { readonly arch?: 'arm64'; readonly images?: true } = {},
): MachineType {
  const arch = more.arch ?? 'x86_64'
  const images = more.images ?? false
  return {
    name,
    gpu,
    vcpus,
    memoryGiB,
    diskGiB,
    arch,
    onDemandMicros,
    spotMicros,
    billing,
    capacity,
    bootMs,
    images,
    regions,
  }
}

const gpu = (model: GpuModelId, count: number): Gpu => ({ model, count })
const images = { images: true } as const

/** Everything the sandbox rents out: made up, but near what such machines cost in late 2026. */
export const catalogue: readonly MachineType[] = [
  machine('cpu-2', null, [2, 8, 50], [42_000, 14_000], 'second', 400, 2000, everywhere),
  machine('cpu-8', null, [8, 32, 100], [168_000, 58_000], 'second', 200, 2000, everywhere),
  machine('cpu-32', null, [32, 128, 200], [672_000, 230_000], 'minute', 100, 2200, west),
  machine('t4-1', gpu('t4', 1), [4, 16, 100], [350_000, 120_000], 'second', 200, 2200, everywhere),
  machine('t4-2', gpu('t4', 2), [8, 32, 100], [700_000, 245_000], 'second', 100, 2200, west),
  machine('t4-4', gpu('t4', 4), [16, 64, 200], [1_400_000, 490_000], 'second', 50, 2400, west),
  machine('v100-1', gpu('v100', 1), [6, 46, 200], [550_000, null], 'hour', 20, 3000, few),
  machine('v100-8', gpu('v100', 8), [88, 448, 2000], [4_400_000, null], 'hour', 8, 3400, few),
  machine('l4-1', gpu('l4', 1), [8, 32, 100], [700_000, 260_000], 'second', 100, 2200, everywhere),
  machine(
    'l4-4',
    gpu('l4', 4),
    [48, 192, 400],
    [2_800_000, 1_060_000],
    'secondExtras',
    30,
    2400,
    west,
  ),
  machine('a10-1', gpu('a10', 1), [30, 200, 500], [750_000, null], 'minute', 60, 2600, west),
  machine('a10-2', gpu('a10', 2), [60, 400, 500], [1_500_000, null], 'minute', 30, 2600, west),
  machine(
    'a4000-1',
    gpu('a4000', 1),
    [8, 45, 100],
    [400_000, 170_000],
    'minute',
    40,
    2400,
    few,
    images,
  ),
  machine(
    'a6000-1',
    gpu('a6000', 1),
    [14, 100, 200],
    [800_000, 330_000],
    'minute',
    40,
    2400,
    west,
    images,
  ),
  machine(
    'a6000-4',
    gpu('a6000', 4),
    [56, 400, 800],
    [3_200_000, 1_320_000],
    'minute',
    12,
    2600,
    west,
    images,
  ),
  machine(
    'rtx6000ada-1',
    gpu('ada6000', 1),
    [16, 96, 200],
    [990_000, 410_000],
    'second',
    30,
    2400,
    few,
    images,
  ),
  machine(
    'rtx3090-1',
    gpu('rtx3090', 1),
    [8, 32, 80],
    [260_000, 110_000],
    'second',
    60,
    2800,
    few,
    images,
  ),
  machine(
    'rtx4090-1',
    gpu('rtx4090', 1),
    [16, 62, 100],
    [440_000, 200_000],
    'second',
    80,
    2600,
    everywhere,
    images,
  ),
  machine(
    'rtx4090-2',
    gpu('rtx4090', 2),
    [32, 124, 200],
    [880_000, 400_000],
    'second',
    40,
    2600,
    west,
    images,
  ),
  machine(
    'rtx4090-8',
    gpu('rtx4090', 8),
    [128, 500, 800],
    [3_520_000, 1_640_000],
    'second',
    8,
    3000,
    few,
    images,
  ),
  machine(
    'rtx5090-1',
    gpu('rtx5090', 1),
    [16, 92, 150],
    [890_000, 410_000],
    'second',
    40,
    2600,
    west,
    images,
  ),
  machine(
    'rtx5090-4',
    gpu('rtx5090', 4),
    [64, 368, 600],
    [3_560_000, 1_650_000],
    'second',
    10,
    2800,
    few,
    images,
  ),
  machine(
    'l40s-1',
    gpu('l40s', 1),
    [16, 128, 250],
    [1_090_000, 460_000],
    'secondExtras',
    40,
    2400,
    west,
  ),
  machine(
    'l40s-4',
    gpu('l40s', 4),
    [64, 512, 1000],
    [4_360_000, 1_840_000],
    'secondExtras',
    10,
    2600,
    west,
  ),
  machine(
    'a100-40-1',
    gpu('a100x40', 1),
    [12, 85, 250],
    [1_290_000, 560_000],
    'second',
    60,
    2600,
    everywhere,
  ),
  machine(
    'a100-40-8',
    gpu('a100x40', 8),
    [96, 680, 2000],
    [10_320_000, 4_480_000],
    'second',
    8,
    3200,
    few,
  ),
  machine(
    'a100-pcie-1',
    gpu('a100pcie', 1),
    [16, 117, 250],
    [1_390_000, 640_000],
    'second',
    40,
    2600,
    west,
    images,
  ),
  machine(
    'a100-80-1',
    gpu('a100x80', 1),
    [22, 160, 300],
    [1_790_000, 780_000],
    'second',
    40,
    2600,
    west,
  ),
  machine(
    'a100-80-4',
    gpu('a100x80', 4),
    [88, 640, 1200],
    [7_160_000, 3_120_000],
    'second',
    10,
    2800,
    west,
  ),
  machine(
    'a100-80-8',
    gpu('a100x80', 8),
    [176, 1280, 2400],
    [14_320_000, 6_240_000],
    'minuteLaunch',
    6,
    3400,
    few,
  ),
  machine(
    'h100-pcie-1',
    gpu('h100pcie', 1),
    [26, 200, 400],
    [2_390_000, 1_190_000],
    'second',
    30,
    2600,
    west,
    images,
  ),
  machine(
    'h100-1',
    gpu('h100sxm', 1),
    [26, 225, 500],
    [2_990_000, 1_450_000],
    'second',
    40,
    2800,
    everywhere,
  ),
  machine(
    'h100-2',
    gpu('h100sxm', 2),
    [52, 450, 1000],
    [5_980_000, 2_900_000],
    'second',
    16,
    2800,
    west,
  ),
  machine(
    'h100-4',
    gpu('h100sxm', 4),
    [104, 900, 2000],
    [11_960_000, 5_800_000],
    'second',
    8,
    3000,
    west,
  ),
  machine(
    'h100-8',
    gpu('h100sxm', 8),
    [208, 1800, 4000],
    [23_920_000, 11_600_000],
    'minuteLaunch',
    4,
    3600,
    few,
  ),
  machine(
    'h200-1',
    gpu('h200', 1),
    [24, 240, 500],
    [3_590_000, 1_890_000],
    'second',
    20,
    2800,
    west,
    images,
  ),
  machine(
    'h200-8',
    gpu('h200', 8),
    [192, 1920, 4000],
    [28_720_000, 15_120_000],
    'minuteLaunch',
    3,
    3800,
    few,
  ),
  machine(
    'b200-1',
    gpu('b200', 1),
    [28, 280, 500],
    [5_490_000, 2_990_000],
    'second',
    10,
    3000,
    few,
    images,
  ),
  machine(
    'b200-8',
    gpu('b200', 8),
    [224, 2240, 4000],
    [43_920_000, 23_900_000],
    'minuteLaunch',
    2,
    4000,
    few,
  ),
  machine('gh200-1', gpu('gh200', 1), [64, 432, 1000], [1_490_000, null], 'minute', 12, 3000, few, {
    arch: 'arm64',
  }),
  machine(
    'mi300x-1',
    gpu('mi300x', 1),
    [24, 283, 500],
    [2_490_000, 1_290_000],
    'second',
    12,
    3000,
    few,
    images,
  ),
  machine(
    'mi300x-8',
    gpu('mi300x', 8),
    [192, 2264, 4000],
    [19_920_000, 10_320_000],
    'minuteLaunch',
    2,
    3800,
    few,
    images,
  ),
]
