import type { Offer } from '../../preload/contract/offer.ts'
import { gpuModel } from './gpu-catalogue.ts'
import { isNear } from './gpu-names.ts'

export interface GatedOffers {
  readonly offers: readonly Offer[]
  readonly dropped: readonly { readonly offer: Offer; readonly reason: string }[]
}

/** How far beyond the prices ever seen a row may lie before it counts as an error of the source. */
const priceMargin = 5
/** US dollars per GPU and hour for a model that the catalogue does not know. */
const unknownGpuRange = [0.01, 60] as const
/** US dollars per hour for a machine without GPU. */
const noGpuRange = [0.001, 60] as const
const microsPerUsd = 1_000_000

/**
 * Lets price rows through that can be believed and drops the others, each with its reason: a price
 * of zero or far from what such a GPU costs, an impossible memory size, spot dearer than on demand,
 * a repeated id. The user's own rates are believed.
 */
export function gate(offers: readonly Offer[]): GatedOffers {
  const onDemand = new Map<string, number>()
  for (const offer of offers) {
    if (offer.spot || offer.microsPerHour <= 0) continue
    const known = onDemand.get(kin(offer))
    onDemand.set(kin(offer), Math.min(known ?? Infinity, offer.microsPerHour))
  }
  const seen = new Set<string>()
  const passed: Offer[] = []
  const dropped: { offer: Offer; reason: string }[] = []
  for (const offer of offers) {
    const reason = seen.has(offer.id)
      ? 'it is listed twice'
      : (doubt(offer) ?? doubtSpot(offer, onDemand.get(kin(offer))))
    if (reason === null) passed.push(offer)
    else dropped.push({ offer, reason })
    seen.add(offer.id)
  }
  return { offers: passed, dropped }
}

function doubt(offer: Offer): string | null {
  if (offer.source === 'own') return offer.microsPerHour < 0 ? 'its price is negative' : null
  if (offer.microsPerHour <= 0) return 'its price is zero'
  return doubtMemory(offer) ?? doubtPrice(offer)
}

function doubtMemory({ gpu }: Offer): string | null {
  if (gpu === null) return null
  if (!Number.isFinite(gpu.vramGiB) || gpu.vramGiB <= 0) return 'its GPU memory is not known'
  const sizes = gpuModel(gpu.name)?.vramGiB
  if (sizes === undefined || sizes.some((size) => isNear(size, gpu.vramGiB))) return null
  return `no ${gpu.name} has ${gpu.vramGiB} GiB`
}

function doubtPrice(offer: Offer): string | null {
  const perGpu = offer.microsPerHour / (offer.gpu?.count ?? 1) / microsPerUsd
  const [low, high] = plausible(offer)
  if (perGpu >= low && perGpu <= high) return null
  const what = offer.gpu === null ? 'a machine without GPU' : `one ${offer.gpu.name}`
  return `$${perGpu.toFixed(4)}/h is not a plausible price for ${what}`
}

function plausible({ gpu }: Offer): readonly [number, number] {
  if (gpu === null) return noGpuRange
  const seen = gpuModel(gpu.name)?.usdPerHour
  return seen === undefined ? unknownGpuRange : [seen[0] / priceMargin, seen[1] * priceMargin]
}

function doubtSpot(offer: Offer, onDemandMicros: number | undefined): string | null {
  if (!offer.spot || onDemandMicros === undefined) return null
  return offer.microsPerHour > onDemandMicros ? 'spot costs more than on demand' : null
}

function kin(offer: Offer): string {
  return `${offer.providerId}\n${offer.accountId}\n${offer.machineType}\n${offer.region}`
}
