import type { Offer, OfferQuery } from '../../preload/contract/offer.ts'
import { assertNever } from './errors.ts'
import { formatCount, formatMicrosPerHour } from './format.ts'
import { suggestGpu } from './gpu-names.ts'
import { didYouMean } from './nearest.ts'
import { isKnownGpu, wishes } from './offer-filter.ts'
import type { Wish } from './offer-filter.ts'

/**
 * One sentence that says why no offer satisfies a query: which wish excluded how many, and what to
 * relax. `offers` are all that were gathered, before filtering. Call it only when none fits.
 */
export function explainNoOffer(offers: readonly Offer[], query: OfferQuery): string {
  if (query.gpuName !== undefined && !isKnownGpu(query.gpuName, offers)) {
    return unknownGpu(query.gpuName, offers)
  }
  if (offers.length === 0) {
    return 'No provider has any offer at the moment: check the accounts with "sublet accounts check", or try again later.'
  }
  const list = wishes(query)
  const relaxing = list
    .map((wish) => ({ wish, left: offers.filter((offer) => fitsAllBut(wish, list, offer)) }))
    .filter(({ left }) => left.length > 0)
    .sort((a, b) => order(a.wish) - order(b.wish))
  const [first, ...others] = relaxing
  if (first === undefined) return severalExclude(offers, query, list)
  const also = others.map(({ wish }) => relax(wish.kind))
  const alternative = also.length === 0 ? '' : ` Or ${also.join(', or ')}.`
  return `${because(first.wish, first.left, query)}${alternative}`
}

function fitsAllBut(wish: Wish, list: readonly Wish[], offer: Offer): boolean {
  return list.every((other) => other === wish || other.holds(offer))
}

/** A price is the easiest to change, so it is named first. */
function order(wish: Wish): number {
  return wish.kind === 'maxMicrosPerHour' ? 0 : 1
}

function unknownGpu(name: string, offers: readonly Offer[]): string {
  const names = new Set(offers.flatMap((offer) => (offer.gpu === null ? [] : [offer.gpu.name])))
  const suggestion = suggestGpu(name, names)
  if (suggestion !== undefined) return `No GPU is called "${name}"; did you mean "${suggestion}"?`
  const some = [...names].sort().slice(0, 8).join(', ')
  return `No GPU is called "${name}"${some === '' ? '' : `; offered are ${some}`}: see "sublet offers".`
}

function because(wish: Wish, left: readonly Offer[], query: OfferQuery): string {
  if (wish.kind === 'maxMicrosPerHour') {
    const cheapest = left.reduce((a, b) => (b.microsPerHour < a.microsPerHour ? b : a))
    const price = formatMicrosPerHour(cheapest.microsPerHour)
    const limit = formatMicrosPerHour(query.maxMicrosPerHour ?? 0)
    return `The cheapest offer that fits costs ${price} (${describe(cheapest)}), above your limit of ${limit}: raise --max-price.`
  }
  const count = formatCount(left.length, 'offer')
  return `${count} would fit but for ${say(wish.kind, query)}${values(wish, left, query)}: ${relax(wish.kind)}.`
}

function severalExclude(
  offers: readonly Offer[],
  query: OfferQuery,
  list: readonly Wish[],
): string {
  const excluded = list
    .map((wish) => ({ wish, count: offers.filter((offer) => !wish.holds(offer)).length }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .map(({ wish, count }) => `${say(wish.kind, query)} excludes ${count}`)
  return `None of ${formatCount(offers.length, 'offer')} fits (${excluded.join(', ')}), and no single wish is the cause: relax two of them.`
}

/** Which values there are instead, where the user could choose another. */
function values(wish: Wish, left: readonly Offer[], query: OfferQuery): string {
  const pick = (of: (offer: Offer) => string): string[] => [...new Set(left.map(of))].sort()
  if (wish.kind === 'region') {
    const regions = pick((offer) => offer.region)
    const meant = didYouMean(query.region ?? '', regions)
    return meant === '' ? ` (there is ${regions.slice(0, 5).join(', ')})` : ` (${meant.slice(2)})`
  }
  if (wish.kind === 'gpuName') {
    const names = pick((offer) => offer.gpu?.name ?? 'no GPU')
    return ` (there is ${names.slice(0, 5).join(', ')})`
  }
  if (wish.kind === 'providerId') {
    return ` (there is ${pick((offer) => offer.providerId).join(', ')})`
  }
  return ''
}

function describe(offer: Offer): string {
  const gpu = offer.gpu === null ? 'no GPU' : `${offer.gpu.count}× ${offer.gpu.name}`
  return `${gpu}, ${offer.providerId}${offer.region === '' ? '' : ` ${offer.region}`}`
}

function say(kind: keyof OfferQuery, query: OfferQuery): string {
  switch (kind) {
    case 'providerId':
      return `the provider "${query.providerId}"`
    case 'accountId':
      return `the account "${query.accountId}"`
    case 'region':
      return `the region "${query.region}"`
    case 'machineType':
      return `the machine type "${query.machineType}"`
    case 'gpuName':
      return query.gpuName === undefined ? 'the NVIDIA default' : `the GPU "${query.gpuName}"`
    case 'minVramGiB':
      return `the GPU memory of ${query.minVramGiB} GiB or more`
    case 'gpus':
      return query.gpus === undefined ? 'the need for a GPU' : `the ${query.gpus} GPUs`
    case 'spot':
      return query.spot === true ? 'the wish for spot' : 'the wish for on demand'
    case 'maxMicrosPerHour':
      return `the price limit of ${formatMicrosPerHour(query.maxMicrosPerHour ?? 0)}`
    case 'minDiskGiB':
      return `the disk of ${query.minDiskGiB} GiB or more`
    case 'arch':
      return query.arch === undefined ? 'the x86-64 default' : `the architecture ${query.arch}`
    default:
      return assertNever(kind)
  }
}

function relax(kind: keyof OfferQuery): string {
  switch (kind) {
    case 'providerId':
      return 'leave out --provider'
    case 'accountId':
      return 'leave out --account'
    case 'region':
      return 'choose another --region or leave it out'
    case 'machineType':
      return 'choose another machine type'
    case 'gpuName':
      return 'choose another --gpu'
    case 'minVramGiB':
      return 'lower --min-vram'
    case 'gpus':
      return 'lower --gpus'
    case 'spot':
      return 'change --spot'
    case 'maxMicrosPerHour':
      return 'raise --max-price'
    case 'minDiskGiB':
      return 'ask for a smaller disk'
    case 'arch':
      return 'ask for the other architecture'
    default:
      return assertNever(kind)
  }
}
