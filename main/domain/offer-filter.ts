import type { Offer, OfferQuery } from '../../preload/contract/offer.ts'
import { gpuMatcher, normaliseGpu } from './gpu-names.ts'

/** One thing that a query wants of an offer, testable alone. */
export interface Wish {
  readonly kind: keyof OfferQuery
  readonly holds: (offer: Offer) => boolean
}

/**
 * The wishes of a query. Absent fields do not restrict, except where the default is what nearly
 * everyone needs: x86-64, NVIDIA, and at least one GPU. The user's own machines are taken as they
 * are. `gpus` is what the job uses at least; a larger machine fits too, and ranking puts it in its
 * place by cost.
 */
export function wishes(query: OfferQuery): readonly Wish[] {
  const { providerId, accountId, region, gpuName, minVramGiB, gpus, spot, arch } = query
  const { machineType, maxMicrosPerHour, minDiskGiB } = query
  const list: Wish[] = []
  const add = (kind: Wish['kind'], holds: Wish['holds']): void => void list.push({ kind, holds })

  if (providerId !== undefined) add('providerId', (offer) => offer.providerId === providerId)
  if (accountId !== undefined) add('accountId', (offer) => offer.accountId === accountId)
  if (region !== undefined) {
    const wanted = region.toLowerCase()
    add('region', (offer) => offer.region.toLowerCase() === wanted)
  }
  if (machineType !== undefined) add('machineType', (offer) => offer.machineType === machineType)
  add('arch', archWish(arch))
  add('gpuName', gpuWish(gpuName))
  if (minVramGiB !== undefined) {
    // "80" asks for the card sold as 80 GB, which reports a little less.
    add('minVramGiB', ({ gpu }) => gpu !== null && gpu.vramGiB >= minVramGiB * 0.98)
  }
  const needsGpu = gpuName !== undefined || minVramGiB !== undefined
  const least = gpus ?? (needsGpu ? 1 : null)
  add('gpus', (offer) => (offer.gpu?.count ?? 0) >= (least ?? (offer.source === 'own' ? 0 : 1)))
  if (spot !== undefined) add('spot', (offer) => offer.spot === spot)
  if (maxMicrosPerHour !== undefined) {
    add('maxMicrosPerHour', (offer) => offer.microsPerHour <= maxMicrosPerHour)
  }
  if (minDiskGiB !== undefined) add('minDiskGiB', (offer) => offer.diskGiB >= minDiskGiB)
  return list
}

/** A reusable test whether an offer has everything that the query wants. Availability is not asked. */
export function offerFilter(query: OfferQuery): (offer: Offer) => boolean {
  const list = wishes(query)
  return (offer) => list.every((wish) => wish.holds(offer))
}

function archWish(arch: OfferQuery['arch']): Wish['holds'] {
  if (arch !== undefined) return (offer) => offer.arch === arch
  return (offer) => offer.arch === 'x86_64' || offer.source === 'own'
}

function gpuWish(gpuName: string | undefined): Wish['holds'] {
  if (gpuName === undefined) {
    return ({ gpu, source }) => gpu === null || gpu.vendor === 'nvidia' || source === 'own'
  }
  const matches = gpuMatcher(gpuName)
  return ({ gpu }) => gpu !== null && matches(gpu)
}

/** Whether any offer or the catalogue has a GPU of that name: else it is a slip of the pen. */
export function isKnownGpu(gpuName: string, offers: readonly Offer[]): boolean {
  return normaliseGpu(gpuName).known || offers.some(gpuWish(gpuName))
}
