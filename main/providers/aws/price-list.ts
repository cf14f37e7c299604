import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { microsSchema, type Micros } from '../../../preload/contract/money.ts'
import { microsOfUsd } from '../../domain/usd.ts'
import type { ProviderContext } from '../provider.ts'
import type { AwsApi } from './api.ts'
import { bundledAt, bundledPrice } from './bundled-prices.ts'
import { isCode } from './errors.ts'
import { productSchema, productsSchema } from './wire.ts'

const dayMs = 86_400_000

const keptSchema = z.object({ readAt: z.int(), onDemand: z.record(z.string(), microsSchema) })
type Kept = z.infer<typeof keptSchema>

/** What a machine type costs on demand, and where that was read. */
export interface ListPrice {
  readonly micros: Micros
  readonly readAt: number
  readonly source: 'live' | 'snapshot'
}

/**
 * Amazon's price list of a region, kept for a day in the provider's folder: it is public and the
 * same for every account. Where it cannot be read, an older copy serves, then the bundled table.
 */
export class PriceList {
  readonly #context: ProviderContext

  constructor(context: ProviderContext) {
    this.#context = context
  }

  /** Prices by machine type, asking where none of the last day are kept. */
  async read(
    api: AwsApi,
    region: string,
    signal: AbortSignal,
  ): Promise<(machineType: string) => ListPrice | undefined> {
    const kept = await this.#kept(region)
    const { clock, log } = this.#context
    if (kept !== null && clock.now() - kept.readAt < dayMs && kept.readAt <= clock.now())
      return pricesOf(region, kept)
    try {
      const onDemand = await onDemandPrices(api, region, signal)
      const fresh = { readAt: clock.now(), onDemand }
      if (Object.keys(onDemand).length > 0) await this.#keep(region, fresh)
      return pricesOf(region, fresh)
    } catch (thrown) {
      if (isCode(thrown, 'cancelled', 'auth')) throw thrown
      log('The price list of AWS could not be read', { region, error: String(thrown) })
      return pricesOf(region, kept)
    }
  }

  /** As `read`, but of what is known without asking. */
  async known(region: string): Promise<(machineType: string) => ListPrice | undefined> {
    return pricesOf(region, await this.#kept(region))
  }

  async #kept(region: string): Promise<Kept | null> {
    try {
      return keptSchema.parse(JSON.parse(await readFile(this.#file(region), 'utf8')))
    } catch {
      return null // Never read, or written by another version: it is asked for again.
    }
  }

  async #keep(region: string, prices: Kept): Promise<void> {
    const file = this.#file(region)
    await mkdir(join(this.#context.stateDir, 'prices'), { recursive: true })
    const partial = `${file}.${process.pid}.new`
    await writeFile(partial, JSON.stringify(prices))
    await rename(partial, file)
  }

  #file(region: string): string {
    return join(this.#context.stateDir, 'prices', `${region.replaceAll(/[^a-z0-9-]/g, '')}.json`)
  }
}

function pricesOf(region: string, kept: Kept | null) {
  return (machineType: string): ListPrice | undefined => {
    const listed = kept?.onDemand[machineType]
    if (kept !== null && listed !== undefined)
      return { micros: listed, readAt: kept.readAt, source: 'live' }
    const bundled = bundledPrice(region, machineType)
    return bundled && { micros: bundled, readAt: bundledAt, source: 'snapshot' }
  }
}

async function onDemandPrices(
  api: AwsApi,
  region: string,
  signal: AbortSignal,
): Promise<Record<string, Micros>> {
  const found: Record<string, Micros> = {}
  let token: string | null | undefined
  do {
    const next = token ? { NextToken: token } : {}
    const page = await api.call(
      productsSchema,
      region,
      'others',
      api.clients.pricing(),
      (pricing, how) => pricing.getProducts({ ...wanted(region), ...next }, how),
      signal,
    )
    for (const row of page.PriceList) {
      const [machineType, price] = priceIn(row) ?? []
      if (machineType === undefined || price === undefined) continue
      // Two rows for one type: the dearer one is the safe one.
      found[machineType] = Math.max(price, found[machineType] ?? 0) as Micros
    }
    token = page.NextToken
  } while (token)
  return found
}

function wanted(region: string) {
  const fields = {
    regionCode: region,
    instanceFamily: 'GPU instance',
    operatingSystem: 'Linux',
    tenancy: 'Shared',
    preInstalledSw: 'NA',
    capacitystatus: 'Used',
  }
  return {
    ServiceCode: 'AmazonEC2',
    FormatVersion: 'aws_v1',
    MaxResults: 100,
    Filters: Object.entries(fields).map(([Field, Value]) => ({
      Type: 'TERM_MATCH' as const,
      Field,
      Value,
    })),
  }
}

/** The machine type and its price an hour, of one row of the price list. */
export function priceIn(row: string): readonly [machineType: string, price: Micros] | null {
  const read = productSchema.safeParse(jsonOf(row))
  if (!read.success) return null
  const { instanceType, marketoption = 'OnDemand' } = read.data.product.attributes
  if (marketoption !== 'OnDemand') return null
  const prices = Object.values(read.data.terms.OnDemand ?? {})
    .flatMap(({ priceDimensions }) => Object.values(priceDimensions))
    .flatMap(({ unit, pricePerUnit: { USD } }) => {
      const price = unit === 'Hrs' && USD !== undefined ? microsOfUsd(USD) : 0
      return price > 0 ? [price] : []
    })
  return prices.length === 0 ? null : [instanceType, Math.max(...prices) as Micros]
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // The schema refuses it.
  }
}
