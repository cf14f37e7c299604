import type { Micros } from '../../../preload/contract/money.ts'
import { micros } from '../../domain/money.ts'

/** When the tables below were read. */
export const bundledAt = Date.UTC(2026, 10, 20)

/**
 * Prices on demand in us-east-1, US micro-dollars an hour, for when the price list cannot be read.
 * Sources: skypilot-org/skypilot-catalog, catalogs/v8/aws/vms.csv of 2026 (marked a), and a table
 * in a public repository of 2026 (b). Types without a row are not offered then.
 */
const usEast1: Readonly<Record<string, number>> = {
  'g4dn.xlarge': 526_000, // b
  'g4dn.2xlarge': 752_000, // b
  'g4dn.4xlarge': 1_204_000, // b
  'g4dn.12xlarge': 3_912_000, // b
  'g5.xlarge': 1_006_000, // b
  'g5.2xlarge': 1_212_000, // b
  'g5.4xlarge': 1_624_000, // b
  'g5.12xlarge': 5_672_000, // b
  'g6.xlarge': 804_800, // b
  'g6.2xlarge': 977_600, // b
  'g6.4xlarge': 1_323_200, // a
  'g6.8xlarge': 2_014_400, // a
  'g6.12xlarge': 4_601_600, // b
  'g6e.xlarge': 1_861_000, // b
  'g6e.12xlarge': 10_492_000, // b
  'p4d.24xlarge': 21_957_642, // a
  'p4de.24xlarge': 27_447_050, // a
  'p5.48xlarge': 55_040_000, // a
}

/** The bundled price of a machine type in a region; undefined where there is none. */
export function bundledPrice(region: string, machineType: string): Micros | undefined {
  const price = region === 'us-east-1' ? usEast1[machineType] : undefined
  return price === undefined ? undefined : micros(price)
}
