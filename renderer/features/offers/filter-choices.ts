import {
  regionGroups,
  type OfferView,
  type OfferViewFilter,
} from '../../../preload/contract/offer-view.ts'
import { formatMicros } from '../../../main/domain/format.ts'
import { regionGroupName } from '../../../main/domain/offers/region-group.ts'

export type FilterChange = Partial<Record<keyof OfferViewFilter, unknown>>

/** One entry of a chip's menu. */
export interface FilterChoice {
  readonly label: string
  readonly isChosen: (filter: OfferViewFilter) => boolean
  readonly change: (filter: OfferViewFilter, chosen: boolean) => FilterChange
}

export interface FilterMenu {
  readonly name: string
  readonly choices: readonly FilterChoice[]
}

/** Chips that are on or off. */
export const filterToggles = [
  { part: 'available', label: 'available' },
  { part: 'stopsByItself', label: 'stops by itself' },
  { part: 'favourites', label: 'favourites' },
] as const

/** The chips with a menu; providers are those that have offers now. */
export function filterMenus(providers: OfferView['providers']): readonly FilterMenu[] {
  return [
    {
      name: 'VRAM',
      choices: [8, 16, 24, 40, 48, 80, 141].map((gib) => one('minVramGiB', gib, `≥ ${gib} GB`)),
    },
    {
      name: 'GPUs',
      choices: [1, 2, 4, 8, 0].map((count) => some('gpuCounts', count, countWords(count))),
    },
    {
      name: 'Region',
      choices: regionGroups.map((group) => some('regionGroups', group, regionGroupName(group))),
    },
    {
      name: 'Price',
      choices: [0.25, 0.5, 1, 2, 4].map((usd) =>
        one('maxMicrosPerGpuHour', usd * 1_000_000, `≤ ${formatMicros(usd * 1_000_000)}/GPU-h`),
      ),
    },
    { name: 'Spot', choices: [one('spot', true, 'spot'), one('spot', false, 'on demand')] },
    ...(providers.length < 2
      ? []
      : [
          {
            name: 'Provider',
            choices: providers.map(({ id, name }) => some('providerIds', id, name)),
          },
        ]),
    { name: 'CPU', choices: [one('arch', 'x86_64', 'x86-64'), one('arch', 'arm64', 'arm64')] },
  ]
}

function countWords(count: number): string {
  if (count === 0) return 'no GPU'
  return count === 1 ? '1 GPU' : `${count} GPUs`
}

/** A part of which one value holds at a time. */
function one(
  part: 'minVramGiB' | 'maxMicrosPerGpuHour' | 'spot' | 'arch',
  value: number | boolean | string,
  label: string,
): FilterChoice {
  return {
    label,
    isChosen: (filter) => filter[part] === value,
    change: (_filter, chosen) => ({ [part]: chosen ? value : undefined }),
  }
}

/** A part of which several values are alternatives. */
function some(
  part: 'gpuCounts' | 'regionGroups' | 'providerIds',
  value: string | number,
  label: string,
): FilterChoice {
  const values = (filter: OfferViewFilter): readonly (string | number)[] => filter[part] ?? []
  return {
    label,
    isChosen: (filter) => values(filter).includes(value),
    change: (filter, chosen) => {
      const next = chosen
        ? [...values(filter), value]
        : values(filter).filter((other) => other !== value)
      return { [part]: next.length === 0 ? undefined : next }
    },
  }
}
