import { billingTerms } from './billing-terms.ts'
import type { BillingTerms } from './billing-terms.ts'
import { catalogue, regionPerMille } from './catalogue.ts'
import { manyRows } from './many-offers.ts'
import type { MachineType, Region } from './catalogue.ts'
import { gpuModels } from './gpu-models.ts'
import type { Store } from './store.ts'

/** One row of the price list. */
export interface OfferRow {
  readonly type: string
  readonly region: string
  readonly spot: boolean
  readonly gpu: {
    readonly name: string
    readonly vendor: string
    readonly count: number
    readonly vramGiB: number
  } | null
  readonly vcpus: number
  readonly memoryGiB: number
  readonly diskGiB: number
  readonly arch: 'x86_64' | 'arm64'
  readonly microsPerHour: number
  readonly terms: BillingTerms
  readonly available: number
  readonly bootMs: number
  readonly images: boolean
}

interface Change {
  readonly type: string
  readonly region?: string | undefined
  readonly spot?: boolean | undefined
  readonly value: number
}

/** The price list with the changes that were ordered through the control API. */
export class PriceList {
  readonly #store: Store
  #many: { readonly size: number; readonly rows: readonly OfferRow[] } = { size: 0, rows: [] }

  constructor(store: Store) {
    this.#store = store
  }

  /** Sets a price from now on; null takes all changes back. */
  setPrice(change: Change | null): void {
    this.#add('prices', change)
  }

  /** Sets how many machines of a type there are; null takes all changes back. */
  setCapacity(change: Change | null): void {
    this.#add('capacity', change)
  }

  /** Fills the list up to so many rows with variations of the catalogue; 0 takes them away. */
  setSize(size: number): void {
    this.#store.setSetting('catalogueSize', size)
  }

  /** Every offer; `used` says how many machines of a type run in a region. */
  rows(used: (type: string, region: string) => number): readonly OfferRow[] {
    const prices = this.#changes('prices')
    const capacity = this.#changes('capacity')
    const own = catalogue.flatMap((type) =>
      type.regions.flatMap((region) =>
        [false, true].flatMap((spot) => {
          const base = spot ? type.spotMicros : type.onDemandMicros
          if (base === null) return []
          const microsPerHour = latest(prices, type.name, region, spot) ?? regional(base, region)
          const owned = latest(capacity, type.name, region, spot) ?? type.capacity
          return [
            row(type, region, spot, microsPerHour, Math.max(0, owned - used(type.name, region))),
          ]
        }),
      ),
    )
    return this.#filledUp(own)
  }

  #filledUp(own: readonly OfferRow[]): readonly OfferRow[] {
    const wanted = Number(this.#store.setting('catalogueSize') ?? 0)
    if (wanted <= own.length) return own
    if (this.#many.size !== wanted) {
      this.#many = { size: wanted, rows: manyRows(own, wanted - own.length) }
    }
    return [...own, ...this.#many.rows]
  }

  #changes(name: string): readonly Change[] {
    return (this.#store.setting(name) as readonly Change[] | undefined) ?? []
  }

  #add(name: string, change: Change | null): void {
    this.#store.setSetting(name, change === null ? [] : [...this.#changes(name), change])
  }
}

function regional(micros: number, region: Region): number {
  return Math.round((micros * regionPerMille[region]) / 1_000_000) * 1000
}

function latest(
  changes: readonly Change[],
  type: string,
  region: string,
  spot: boolean,
): number | undefined {
  return changes.findLast(
    (change) =>
      change.type === type &&
      (change.region ?? region) === region &&
      (change.spot ?? spot) === spot,
  )?.value
}

function row(
  type: MachineType,
  region: string,
  spot: boolean,
  microsPerHour: number,
  available: number,
): OfferRow {
  const model = type.gpu === null ? null : gpuModels[type.gpu.model]
  return {
    type: type.name,
    region,
    spot,
    gpu:
      model === null
        ? null
        : {
            name: model.name,
            vendor: model.vendor,
            count: type.gpu?.count ?? 1,
            vramGiB: model.vramGiB,
          },
    vcpus: type.vcpus,
    memoryGiB: type.memoryGiB,
    diskGiB: type.diskGiB,
    arch: type.arch,
    microsPerHour,
    terms: billingTerms[type.billing],
    available,
    bootMs: type.bootMs,
    images: type.images,
  }
}
