import type { RegionGroup } from '../../../preload/contract/offer-view.ts'
import type { Offer } from '../../../preload/contract/offer.ts'
import { compactGpuName } from '../gpu-catalogue.ts'
import { gpuSpeed } from './gpu-speed.ts'
import { regionGroup } from './region-group.ts'

/** What is known about the account that an offer comes from. */
export interface OfferOrigin {
  readonly providerName: string
  readonly accountName: string
  readonly stopsByItself: true | string
}

/** An offer with everything that filtering and sorting ask for, reckoned once when it is read. */
export interface ListedOffer {
  /** Replaced by a newer reading of the same price; nothing but its age may differ. */
  offer: Offer
  readonly origin: OfferOrigin
  readonly regionGroup: RegionGroup
  /** Null without GPU. */
  readonly microsPerGpuHour: number | null
  readonly microsPerTflopHour: number | null
  readonly microsPerBandwidthHour: number | null
  /** The GPU's own facts once more, within reach: a filter reads them of every row. 0 without GPU. */
  readonly gpuName: string
  readonly vramGiB: number
  readonly gpuCount: number
  /** GPU name in capitals without blanks; empty without GPU. */
  readonly gpuKey: string
  /** All words of the row in small letters, for the free text. */
  readonly text: string
}

/**
 * Makes rows of what one source answered. Regions and names repeat by the thousand, so they are
 * understood once each.
 */
export function listOffers(offers: readonly Offer[], origin: OfferOrigin): ListedOffer[] {
  const groups = new Map<string, RegionGroup>()
  const keys = new Map<string, string>()
  const remember = <T>(map: Map<string, T>, key: string, make: (key: string) => T): T => {
    let value = map.get(key)
    if (value === undefined) map.set(key, (value = make(key)))
    return value
  }
  const who = `${origin.providerName} ${origin.accountName}`.toLowerCase()
  return offers.map((offer) => {
    const { gpu, region, microsPerHour } = offer
    const count = gpu?.count ?? 1
    const speed = gpu === null ? null : gpuSpeed(gpu.name, gpu.vramGiB)
    const per = (amount: number | null | undefined): number | null =>
      amount == null ? null : microsPerHour / count / amount
    return {
      offer,
      origin,
      regionGroup: remember(groups, region, regionGroup),
      microsPerGpuHour: gpu === null ? null : Math.round(microsPerHour / count),
      microsPerTflopHour: per(speed?.tflops),
      microsPerBandwidthHour: per(speed?.bandwidthGBps),
      gpuName: gpu?.name ?? '',
      vramGiB: gpu?.vramGiB ?? 0,
      gpuCount: gpu?.count ?? 0,
      gpuKey: gpu === null ? '' : remember(keys, gpu.name, compactGpuName),
      text: `${gpu?.name ?? 'no gpu'} ${offer.machineType} ${region} ${offer.providerId} ${who}`.toLowerCase(),
    }
  })
}
