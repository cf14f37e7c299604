import { micros } from '../../domain/money.ts'

/**
 * The API tells no prices: those of https://docs.digitalocean.com/products/paperspace/pricing/ as of
 * 2025-11-14, found unchanged at paperspace.com/pricing on 2026-09-20 but for two that were lower
 * there (H100 $3.09, A100-80G $1.15, partly against a commitment). The higher ones stand here.
 */
export const pricesReadAt = Date.UTC(2026, 8, 20)

export interface TypePrice {
  /** As GPUs are named elsewhere. */
  readonly gpu: string
  readonly vramGiB: number
  readonly vcpus: number
  readonly memoryGiB: number
  /** Of a machine with one GPU; one with several costs as many times as much. */
  readonly microsPerHour: number
}

type Row = readonly [gpu: string, vram: number, vcpus: number, memory: number, usd: number]

/** Processors and memory: docs.digitalocean.com/products/paperspace/machines/details/machine-types/ (2025-06). */
const rows: Readonly<Record<string, Row>> = {
  'GPU+': ['Quadro M4000', 8, 8, 30, 0.45],
  P4000: ['Quadro P4000', 8, 8, 30, 0.51],
  P5000: ['Quadro P5000', 16, 8, 30, 0.78],
  P6000: ['Quadro P6000', 24, 8, 30, 1.1],
  RTX4000: ['Quadro RTX 4000', 8, 8, 30, 0.56],
  RTX5000: ['Quadro RTX 5000', 16, 8, 30, 0.82],
  A4000: ['RTX A4000', 16, 8, 45, 0.76],
  A5000: ['RTX A5000', 24, 8, 45, 1.38],
  A6000: ['RTX A6000', 48, 8, 45, 1.89],
  V100: ['V100', 16, 8, 30, 2.3],
  'V100-32G': ['V100', 32, 8, 30, 2.3],
  A100: ['A100', 40, 12, 90, 3.09],
  'A100-80G': ['A100', 80, 12, 90, 3.18],
  H100: ['H100', 80, 20, 250, 5.95],
}

/** A machine type of the list with its number of GPUs: `A4000`, `A100-80Gx8`; null for others. */
export function typeOf(label: string): (TypePrice & { readonly count: number }) | null {
  const [, base = '', times = '1'] = /^(.+?)(?:x(\d+))?$/.exec(label) ?? []
  const row = rows[base]
  const count = Number(times)
  if (row === undefined || count < 1) return null
  const [gpu, vramGiB, vcpus, memoryGiB, usd] = row
  return { gpu, vramGiB, vcpus, memoryGiB, count, microsPerHour: Math.round(usd * 1e6) * count }
}

/** A public address, while the machine is on. */
export const addressMicrosPerHour = micros(4_500)

/** Sizes of a machine's disk in GB, and what each costs an hour, up to a month's maximum. */
const disks: readonly (readonly [sizeGb: number, microsPerHour: number])[] = [
  [50, 7_400],
  [100, 10_400],
  [250, 14_900],
  [500, 37_200],
  [1000, 81_800],
  [2000, 178_600],
]

/** The smallest disk that holds so much; the largest one where none does. */
export function diskFor(gib: number): {
  readonly sizeGb: number
  /** Rounded up, so that size times this is not less than the price. */
  readonly microsPerGibHour: number
} {
  const found = disks.find(([sizeGb]) => sizeGb >= gib) ?? disks.at(-1)
  const [sizeGb = 0, price = 0] = found ?? []
  return { sizeGb, microsPerGibHour: Math.ceil(price / sizeGb) }
}
