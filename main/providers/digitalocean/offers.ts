import type { BillingTerms, Gpu, Offer } from '../../../preload/contract/offer.ts'
import { isNear } from '../../domain/gpu-names.ts'
import { gpuModel } from '../../domain/gpu-catalogue.ts'
import { micros } from '../../domain/money.ts'
import { microsOfUsd } from '../../domain/usd.ts'
import { gpuOf } from '../gpu-of.ts'
import type { Account } from '../provider.ts'
import type { WireSize } from './wire.ts'

const hourMs = 3_600_000

/**
 * https://docs.digitalocean.com/products/droplets/details/pricing/, read 2026-05: from the creation
 * to the destruction, switched off or not. By the second since January, which the page says of CPU
 * droplets; of GPU droplets it is not confirmed, so that whole hours are reckoned with, as before.
 * Traffic out is free up to what a droplet brings along, and $0.01 a GiB beyond: reckoned in full.
 */
const billing: BillingTerms = {
  incrementMs: hourMs,
  minimumMs: 0,
  startsAt: 'launch',
  diskMicrosPerGibHour: micros(0),
  egressMicrosPerGib: micros(10_000),
}

/** Not documented; a GPU droplet is `active` after one to three minutes, then cloud-init runs. */
const expectedBootMs = 4 * 60_000

/** What a droplet costs, all its GPUs together. */
export const microsPerHour = (size: WireSize) => microsOfUsd(size.price_hourly)

/** One size in one region; null where it has no GPU that can be told. */
export function offerOf(
  size: WireSize,
  region: string,
  { id: accountId, providerId }: Account,
  fetchedAt: number,
): Offer | null {
  const gpu = gpuIn(size)
  if (gpu === null) return null
  return {
    id: `${providerId}:${accountId}:${size.slug}:${region}:od`,
    providerId,
    accountId,
    machineType: size.slug,
    region,
    gpu,
    vcpus: size.vcpus,
    memoryGiB: size.memory / 1024,
    diskGiB: size.disk,
    arch: 'x86_64',
    spot: false,
    microsPerHour: microsPerHour(size),
    billing,
    // A region is listed where the size is sold; whether one is free shows only when it is asked for.
    availability: 'unknown',
    expectedBootMs,
    fetchedAt,
    source: 'live',
    simulated: false,
  }
}

/** The maker of a size's GPUs: it decides on the image. */
export const vendorOf = ({ gpu_info: gpus }: WireSize): Gpu['vendor'] =>
  gpus?.model.startsWith('amd') === true ? 'amd' : 'nvidia'

function gpuIn(size: WireSize): Gpu | null {
  const { gpu_info: gpus } = size
  if (!gpus || gpus.count < 1 || gpus.vram.unit !== 'gib') return null
  const { count, model, vram } = gpus
  const of = (vramGiB: number): Gpu | null =>
    gpuOf({ name: model.replaceAll('_', ' '), count, vramGiB, vendor: vendorOf(size) })
  // Of all GPUs together, by what gpuhunt found (2026-08); of one, by what it took it for before.
  const one = of(vram.amount / count)
  const sizes = (one === null ? undefined : gpuModel(one.name))?.vramGiB ?? []
  const isOfOne = !sizes.some((known) => isNear(known, vram.amount / count))
  return isOfOne && sizes.some((known) => isNear(known, vram.amount)) ? of(vram.amount) : one
}
