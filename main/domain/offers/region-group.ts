import type { RegionGroup } from '../../../preload/contract/offer-view.ts'

/**
 * Beginnings of words by which providers name places: their own region codes, countries (also as
 * two letters), US states and cities of data centres. Compared in order, longest first.
 */
const places: Readonly<Record<Exclude<RegionGroup, 'unknown'>, string>> = {
  europe:
    'europe uksouth ukwest westeurope northeurope eu eur uk france germany sweden norway poland italy spain switzerland austria belgium finland denmark czechia romania bulgaria iceland ireland netherlands portugal estonia latvia lithuania hungary slovakia slovenia croatia greece ukraine moldova serbia luxembourg london frankfurt amsterdam paris milan madrid stockholm dublin fra ams lon par gb de fr nl se no fi dk cz ro bg is ie pt es it pl ch at be ee lv lt hu sk si hr gr ua',
  'north-america':
    'northamerica us usa united eastus westus centralus southcentralus northcentralus westcentralus canada quebec ontario mexico texas iowa california virginia oregon ohio utah washington nevada georgia illinois kansas montana jersey york carolina florida arizona nyc sfo tor dal wdc ca mx east west mtl',
  'south-america': 'southamerica sa brazil brazilsouth chile argentina colombia br cl sao',
  'asia-pacific':
    'asia asiapacific ap oc apac japan japaneast japanwest korea koreacentral india centralindia southindia westindia singapore taiwan hong australia australiaeast sydney newzealand indonesia malaysia thailand vietnam philippines china southeastasia eastasia tokyo osaka seoul mumbai syd sgp blr jp kr in sg tw hk au nz id my th vn ph cn tok',
  'middle-east-africa':
    'me af il mea middle africa southafrica israel israelcentral uae uaenorth qatar saudi bahrain turkey kenya egypt ae za qa tr sau',
}

const byWord = new Map<string, RegionGroup>(
  Object.entries(places).flatMap(([group, words]) =>
    words.split(' ').map((word) => [word, group as RegionGroup] as const),
  ),
)
/** "US-West", "eu-south": what stands first decides, except where a country stands last. */
const beginnings = [...byWord.keys()]
  .filter((word) => word.length >= 5)
  .sort((a, b) => b.length - a.length)

/** The part of the world that a provider's region lies in, by its name. Pure; cache it by region. */
export function regionGroup(region: string): RegionGroup {
  const words = region
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
  for (const word of words) {
    const known = byWord.get(word)
    // "east" and "west" alone are American data centres, but only where nothing else is said.
    if (known !== undefined && word !== 'east' && word !== 'west') return known
  }
  for (const word of words) {
    const start = beginnings.find((one) => word.startsWith(one))
    if (start !== undefined) return byWord.get(start) ?? 'unknown'
  }
  return words.includes('east') || words.includes('west') ? 'north-america' : 'unknown'
}

/** How a group is called. */
export function regionGroupName(group: RegionGroup): string {
  return names[group]
}

const names: Readonly<Record<RegionGroup, string>> = {
  europe: 'Europe',
  'north-america': 'North America',
  'south-america': 'South America',
  'asia-pacific': 'Asia and Pacific',
  'middle-east-africa': 'Middle East and Africa',
  unknown: 'unknown place',
}

/** The group that a typed word means ("eu", "europe", "usa", "asia"); null when it means none. */
export function regionGroupOf(word: string): RegionGroup | null {
  return typed[word] ?? null
}

const typed: Readonly<Record<string, RegionGroup>> = {
  eu: 'europe',
  europe: 'europe',
  us: 'north-america',
  usa: 'north-america',
  na: 'north-america',
  america: 'north-america',
  asia: 'asia-pacific',
  apac: 'asia-pacific',
  pacific: 'asia-pacific',
  africa: 'middle-east-africa',
}
