import type { OfferColumn } from '../../../preload/contract/offer-view.ts'
import type { Offer } from '../../../preload/contract/offer.ts'
import type { ListedOffer } from './listed-offer.ts'

/** Offers that can be had come first when sorted by availability. */
const availabilityOrder: Readonly<Record<Offer['availability'], number>> = {
  available: 0,
  unknown: 1,
  'no-quota': 2,
  none: 3,
}

type Key = number | string | null

/** What a column sorts by. Null (not known) always comes last. `finish` is given beside. */
function keyOf(column: Exclude<OfferColumn, 'finish'>): (row: ListedOffer) => Key {
  switch (column) {
    case 'gpu':
      return ({ offer }) => offer.gpu?.name ?? null
    case 'count':
      return ({ offer }) => offer.gpu?.count ?? null
    case 'vram':
      return ({ offer }) => offer.gpu?.vramGiB ?? null
    case 'perHour':
      return ({ offer }) => offer.microsPerHour
    case 'perGpuHour':
      return (row) => row.microsPerGpuHour
    case 'provider':
      return ({ origin }) => `${origin.providerName} ${origin.accountName}`
    case 'region':
      return ({ offer }) => offer.region
    case 'spot':
      return ({ offer }) => (offer.spot ? 1 : 0)
    case 'availability':
      return ({ offer }) => availabilityOrder[offer.availability]
    case 'reliability':
      return ({ offer }) => offer.reliability ?? null
    case 'increment':
      return ({ offer }) => Math.max(offer.billing.incrementMs, offer.billing.minimumMs)
    case 'egress':
      return ({ offer }) => offer.billing.egressMicrosPerGib
    case 'age':
      return ({ offer }) => -offer.fetchedAt
    case 'perTflopHour':
      return (row) => row.microsPerTflopHour
    case 'perBandwidthHour':
      return (row) => row.microsPerBandwidthHour
    case 'vcpus':
      return ({ offer }) => offer.vcpus
    case 'memory':
      return ({ offer }) => offer.memoryGiB
    case 'disk':
      return ({ offer }) => offer.diskGiB
    case 'boot':
      return ({ offer }) => offer.expectedBootMs
    case 'arch':
      return ({ offer }) => offer.arch
  }
}

/** Numbers that sort as the rows do; NaN where the key is null. `finish` needs its costs. */
export function sortKeys(
  rows: readonly ListedOffer[],
  column: OfferColumn,
  finishMicros: Float64Array | null,
): Float64Array {
  if (column === 'finish') return finishMicros ?? new Float64Array(rows.length).fill(Number.NaN)
  const key = keyOf(column)
  const keys = rows.map(key)
  const texts = keys.filter((one) => typeof one === 'string')
  const ranks = new Map(
    [...new Set(texts)].sort((a, b) => collator.compare(a, b)).map((text, rank) => [text, rank]),
  )
  return Float64Array.from(keys, (one) =>
    one === null ? Number.NaN : typeof one === 'string' ? (ranks.get(one) ?? Number.NaN) : one,
  )
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/**
 * All positions in the order of `keys`, unknown ones last in both directions. Equal keys keep the
 * order of the rows themselves, whichever way it is sorted. A radix sort over the bits of the keys:
 * several times faster than a comparing one, and stable by its nature.
 */
export function sortedPositions(keys: Float64Array, descending: boolean): Int32Array {
  const { high, low } = sortableBits(keys, descending)
  let order = Int32Array.from(keys, (_key, index) => index)
  for (const word of [low, high]) {
    order = byDigit(byDigit(order, word, 0), word, 16)
  }
  return order
}

const digits = 0x1_0000

/** The keys as unsigned integers that compare as the keys do. */
function sortableBits(
  keys: Float64Array,
  descending: boolean,
): { readonly high: Uint32Array; readonly low: Uint32Array } {
  const view = new DataView(new ArrayBuffer(8))
  const high = new Uint32Array(keys.length)
  const low = new Uint32Array(keys.length)
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? Number.NaN
    // Adding zero turns a negative zero into the positive one, so that both compare as equal.
    view.setFloat64(0, Number.isNaN(key) ? Infinity : (descending ? -key : key) + 0)
    const top = view.getUint32(0)
    const negative = top >= 0x8000_0000
    high[index] = negative ? ~top : top ^ 0x8000_0000
    low[index] = negative ? ~view.getUint32(4) : view.getUint32(4)
  }
  return { high, low }
}

/** One stable pass over 16 bits of `words`. */
function byDigit(order: Int32Array, words: Uint32Array, shift: 0 | 16): Int32Array<ArrayBuffer> {
  const starts = new Uint32Array(digits + 1)
  const digitOf = (position: number): number => ((words[position] ?? 0) >>> shift) & (digits - 1)
  for (let position = 0; position < words.length; position += 1) {
    const next = digitOf(position) + 1
    starts[next] = (starts[next] ?? 0) + 1
  }
  for (let digit = 1; digit <= digits; digit += 1) {
    starts[digit] = (starts[digit] ?? 0) + (starts[digit - 1] ?? 0)
  }
  const sorted = new Int32Array(order.length)
  for (let index = 0; index < order.length; index += 1) {
    const position = order[index] ?? 0
    const digit = digitOf(position)
    const place = starts[digit] ?? 0
    sorted[place] = position
    starts[digit] = place + 1
  }
  return sorted
}

const noGpu = Number.MAX_SAFE_INTEGER

/** The book's own order, which equal rows keep: by price a GPU, then by id; without GPU last. */
export function inBookOrder(rows: readonly ListedOffer[]): ListedOffer[] {
  return [...rows].sort(
    (a, b) =>
      (a.microsPerGpuHour ?? noGpu) - (b.microsPerGpuHour ?? noGpu) ||
      a.offer.microsPerHour - b.offer.microsPerHour ||
      (a.offer.id < b.offer.id ? -1 : a.offer.id > b.offer.id ? 1 : 0),
  )
}
