import type { OfferViewFilter } from '../../../preload/contract/offer-view.ts'
import { formatMicros } from '../format.ts'
import { isUnavailable } from '../ranking.ts'
import type { ListedOffer } from './listed-offer.ts'
import { readOfferText } from './offer-text.ts'
import type { RowTest } from './offer-text.ts'
import type { TextVocabulary } from './offer-text-words.ts'
import { regionGroupName } from './region-group.ts'

/** One part of a filter, testable alone, named as the page names it. */
export interface FilterPart {
  readonly part: keyof OfferViewFilter
  readonly label: string
  readonly holds: RowTest
}

export interface ReadFilter {
  readonly parts: readonly FilterPart[]
  readonly understood: readonly string[]
}

/** Takes a filter apart. All parts must hold; no parts let everything through. */
export function readFilter(filter: OfferViewFilter, vocabulary: TextVocabulary): ReadFilter {
  const parts: FilterPart[] = []
  const add = (part: FilterPart['part'], label: string, holds: RowTest): void =>
    void parts.push({ part, label, holds })
  const { minVramGiB, gpuCounts, regionGroups, spot, maxMicrosPerGpuHour, providerIds } = filter
  const text = (filter.text ?? '').trim()
  const read = text === '' ? null : readOfferText(text, vocabulary)
  if (read !== null) add('text', `"${text}"`, read.holds)
  if (minVramGiB !== undefined) {
    // "80" asks for the card sold as 80 GB, which reports a little less.
    const least = minVramGiB * 0.98
    add('minVramGiB', `≥ ${minVramGiB} GB`, ({ vramGiB }) => vramGiB >= least)
  }
  if (gpuCounts !== undefined) {
    const wanted = new Set(gpuCounts)
    const label = `${gpuCounts.join(' or ')} ${gpuCounts.join() === '1' ? 'GPU' : 'GPUs'}`
    add('gpuCounts', label, ({ gpuCount }) => wanted.has(gpuCount))
  }
  if (regionGroups !== undefined) {
    const wanted = new Set(regionGroups)
    const label = regionGroups.map(regionGroupName).join(' or ')
    add('regionGroups', label, (row) => wanted.has(row.regionGroup))
  }
  if (spot !== undefined) {
    add('spot', spot ? 'spot' : 'on demand', ({ offer }) => offer.spot === spot)
  }
  if (filter.available === true) add('available', 'available', ({ offer }) => !isUnavailable(offer))
  if (filter.stopsByItself === true) {
    add('stopsByItself', 'stops by itself', ({ origin }) => origin.stopsByItself === true)
  }
  if (maxMicrosPerGpuHour !== undefined) {
    const label = `at most ${formatMicros(maxMicrosPerGpuHour)}/GPU-h`
    add(
      'maxMicrosPerGpuHour',
      label,
      ({ microsPerGpuHour: price }) => price !== null && price <= maxMicrosPerGpuHour,
    )
  }
  if (providerIds !== undefined) {
    const wanted = new Set(providerIds)
    const names = providerIds.map(
      (id) => vocabulary.providers.find((one) => one.id === id)?.name ?? id,
    )
    add('providerIds', names.join(' or '), ({ offer }) => wanted.has(offer.providerId))
  }
  if (filter.arch !== undefined) {
    const { arch } = filter
    add('arch', arch === 'arm64' ? 'arm64' : 'x86-64', ({ offer }) => offer.arch === arch)
  }
  if (filter.favourites === true) add('favourites', 'favourites', (_row, favourite) => favourite)
  return { parts, understood: read?.understood ?? [] }
}

/** Positions of the rows that fit, in ascending order. */
export function filterRows(
  rows: readonly ListedOffer[],
  parts: readonly FilterPart[],
  favourites: ReadonlySet<string>,
): Int32Array {
  const found = new Int32Array(rows.length)
  let count = 0
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index]
    if (row === undefined) continue
    const favourite = favourites.size > 0 && favourites.has(row.offer.id)
    if (countFailing(parts, row, favourite, 1) === 0) found[count++] = index
  }
  return found.subarray(0, count)
}

/** How many parts fail, counted up to `most`. Plain loops: this runs once a row and keystroke. */
function countFailing(
  parts: readonly FilterPart[],
  row: ListedOffer,
  favourite: boolean,
  most: number,
): number {
  let failing = 0
  for (let index = 0; index < parts.length && failing < most; index += 1) {
    if (parts[index]?.holds(row, favourite) === false) failing += 1
  }
  return failing
}

/** For a filter that nothing fits: each part without which something would, the most first. */
export function relaxations(
  rows: readonly ListedOffer[],
  parts: readonly FilterPart[],
  favourites: ReadonlySet<string>,
): { part: string; label: string; matching: number }[] {
  const without = new Map(parts.map((part) => [part, 0]))
  for (const row of rows) {
    const favourite = favourites.size > 0 && favourites.has(row.offer.id)
    if (countFailing(parts, row, favourite, 2) !== 1) continue
    const only = parts.find((part) => !part.holds(row, favourite))
    if (only !== undefined) without.set(only, (without.get(only) ?? 0) + 1)
  }
  return [...without]
    .filter(([, matching]) => matching > 0)
    .map(([{ part, label }, matching]) => ({ part, label, matching }))
    .sort((a, b) => b.matching - a.matching)
}
