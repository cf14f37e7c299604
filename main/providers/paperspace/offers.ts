import type { Offer, OfferQuery } from '../../../preload/contract/offer.ts'
import { micros } from '../../domain/money.ts'
import { gpuOf } from '../gpu-of.ts'
import type { Account } from '../provider.ts'
import { diskFor, typeOf } from './price-list.ts'
import type { Rate } from './rates.ts'
import type { WireTemplate } from './wire.ts'

/** Of the description's `region`; which of them has a type is told by asking for its availability. */
export const regions = ['ny2', 'ca1', 'ams1'] as const

const hourMs = 3_600_000
/** A few minutes; "longer than ten" is called a fault (states and error codes, 2025-06). */
const expectedBootMs = 4 * 60_000
/** Room for the template, which is large. */
const leastDiskGb = 100

/** One type in one region; null where the price list does not know it. */
export function offerOf(
  label: string,
  region: string,
  availability: Offer['availability'],
  template: WireTemplate,
  rate: Rate,
  { minDiskGiB = 0 }: OfferQuery,
  { id: accountId, providerId }: Account,
): Offer | null {
  const type = typeOf(label)
  const gpu = type && gpuOf({ name: type.gpu, count: type.count, vramGiB: type.vramGiB })
  if (!type || !gpu) return null
  const disk = diskFor(Math.max(leastDiskGb, template.defaultSizeGb ?? 0, minDiskGiB))
  return {
    id: `${providerId}:${accountId}:${label}:${region}:od`,
    providerId,
    accountId,
    machineType: label,
    region,
    gpu,
    // Of machines with several GPUs the documentation says nothing.
    vcpus: type.count === 1 ? type.vcpus : null,
    memoryGiB: type.count === 1 ? type.memoryGiB : null,
    diskGiB: disk.sizeGb,
    arch: 'x86_64',
    spot: false,
    microsPerHour: rate.microsPerHour,
    // "Billed on a per-hour basis. Billing starts when you create a resource and ends when you
    // destroy it", and no traffic (docs.digitalocean.com/products/paperspace/pricing/, 2025-11).
    billing: {
      incrementMs: hourMs,
      minimumMs: 0,
      startsAt: 'launch',
      diskMicrosPerGibHour: micros(disk.microsPerGibHour),
      egressMicrosPerGib: micros(0),
    },
    availability,
    expectedBootMs,
    fetchedAt: rate.fetchedAt,
    source: rate.source,
    simulated: false,
  }
}
