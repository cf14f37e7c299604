import type { Gpu } from '../../preload/contract/offer.ts'
import { normaliseGpu } from '../domain/gpu-names.ts'

export interface GpuRow {
  /** The provider's own spelling. */
  readonly name: string
  readonly count: number
  /** Of one GPU, where the provider says it. */
  readonly vramGiB?: number
  /** Where the spelling alone does not tell. */
  readonly vendor?: Gpu['vendor']
}

/** A provider's row as Sublet names GPUs; null where its memory is told by nobody. */
export function gpuOf({ name, count, vramGiB, vendor = 'nvidia' }: GpuRow): Gpu | null {
  const found = normaliseGpu(name, vramGiB)
  const memory = found.vramGiB ?? vramGiB ?? null
  if (memory === null || memory <= 0) return null
  return { name: found.name, vendor: found.vendor ?? vendor, count, vramGiB: memory }
}
