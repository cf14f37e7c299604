import type { Collection } from '../../preload/contract/collection.ts'
import type { Offer } from '../../preload/contract/offer.ts'
import { allInMicrosPerHour, egressFor } from './billing.ts'
import { assumedBytesPerSecond } from './estimate.ts'
import { formatBytes, formatDuration, formatMicros } from './format.ts'
import { microsForMs } from './money.ts'

/** Listing, hashing and small files, beside the bytes themselves. */
const overheadMs = 5_000

const mostBytes = 2 ** 50
const mostMs = 10 * 365 * 86_400_000

/** A machine may claim any sizes, and sparse files have any: a pebibyte at most is reckoned with. */
export function reckonedBytes(claimedBytes: number): number {
  return Math.min(claimedBytes, mostBytes)
}

export interface CollectionFacts {
  readonly bytes: number
  readonly sizeFrom: Collection['sizeFrom']
  /** Measured on earlier transfers from such a machine; null to assume. */
  readonly bytesPerSecond: number | null
}

/** What bringing these bytes home from a machine takes: time, traffic, and the machine meanwhile. */
export function collectionOf(
  offer: Pick<Offer, 'microsPerHour' | 'billing' | 'diskGiB'>,
  { bytes: claimedBytes, sizeFrom, bytesPerSecond }: CollectionFacts,
): Collection {
  const bytes = reckonedBytes(claimedBytes)
  const speed = bytesPerSecond ?? assumedBytesPerSecond
  const ms = Math.min(mostMs, Math.ceil(overheadMs + (bytes / speed) * 1_000))
  return {
    bytes,
    sizeFrom,
    bytesPerSecond: Math.round(speed),
    speedFrom: bytesPerSecond === null ? 'assumed' : 'measured',
    ms,
    egressMicros: egressFor(offer.billing, bytes),
    machineMicros: microsForMs(allInMicrosPerHour(offer), ms),
  }
}

const sizeWords = {
  'earlier-run': 'as much as the last run made',
  'job-file': 'as the job says',
  assumed: 'an assumed size',
  machine: 'what is on the machine and not home yet',
} as const satisfies Readonly<Record<Collection['sizeFrom'], string>>

/** `Bringing results home: about 12 GB, 20 min, $0.90 egress + $0.70 machine time (…)`. */
export function collectionSentence(collection: Collection): string {
  const { bytes, ms, egressMicros, machineMicros } = collection
  const costs = [
    ...(egressMicros > 0 ? [`${formatMicros(egressMicros)} egress`] : []),
    `${formatMicros(machineMicros)} machine time`,
  ]
  return `Bringing results home: about ${formatBytes(bytes)}, ${formatDuration(ms)}, ${costs.join(' + ')} (${collectionBasis(collection)}).`
}

/** `as much as the last run made, at a measured 48 MB/s`. */
export function collectionBasis({ sizeFrom, speedFrom, bytesPerSecond }: Collection): string {
  const speed = speedFrom === 'measured' ? 'a measured' : 'an assumed'
  return `${sizeWords[sizeFrom]}, at ${speed} ${formatBytes(bytesPerSecond)}/s`
}
