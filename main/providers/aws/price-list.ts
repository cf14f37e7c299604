import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { microsSchema, type Micros } from '../../../preload/contract/money.ts'
import type { ProviderContext } from '../provider.ts'
import type { AwsApi } from './api.ts'
import { bundledAt, bundledPrice } from './bundled-prices.ts'
import { pricingRegion } from './clients.ts'
import { isCode } from './errors.ts'
import { priceIn } from './price-row.ts'
import { productsSchema } from './wire.ts'

const dayMs = 86_400_000

const keptSchema = z.object({
  readAt: z.int(),
  onDemand: z.record(z.string(), microsSchema),
  reserved: z.record(z.string(), microsSchema),
})
type Kept = z.infer<typeof keptSchema>

/** What a machine type costs on demand, and where that was read. */
export interface ListPrice {
  readonly micros: Micros
  readonly readAt: number
  readonly source: 'live' | 'snapshot'
  /** Reserved for a year without payment in front, where that is sold. */
  readonly reservedMicros?: Micros
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
      const fresh = { readAt: clock.now(), ...(await listPrices(api, region, signal)) }
      if (Object.keys(fresh.onDemand).length > 0) await this.#keep(region, fresh)
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
    if (kept !== null && listed !== undefined) {
      const reservedMicros = kept.reserved[machineType]
      return {
        micros: listed,
        readAt: kept.readAt,
        source: 'live',
        ...(reservedMicros === undefined ? {} : { reservedMicros }),
      }
    }
    const bundled = bundledPrice(region, machineType)
    return bundled && { micros: bundled, readAt: bundledAt, source: 'snapshot' }
  }
}

async function listPrices(
  api: AwsApi,
  region: string,
  signal: AbortSignal,
): Promise<Pick<Kept, 'onDemand' | 'reserved'>> {
  const onDemand: Kept['onDemand'] = {}
  const reserved: Kept['reserved'] = {}
  let token: string | null | undefined
  do {
    const next = token ? { NextToken: token } : {}
    const page = await api.call(
      productsSchema,
      // All regions ask the one place, which counts them together.
      pricingRegion,
      'others',
      api.clients.pricing(),
      (pricing, how) => pricing.getProducts({ ...wanted(region), ...next }, how),
      signal,
    )
    for (const row of page.PriceList) {
      const price = priceIn(row)
      if (price === null) continue
      const { machineType, reservedMicros } = price
      // Two rows for one type: the dearer one is the safe one.
      onDemand[machineType] = Math.max(price.micros, onDemand[machineType] ?? 0) as Micros
      if (reservedMicros !== null) reserved[machineType] = reservedMicros
    }
    token = page.NextToken
  } while (token)
  return { onDemand, reserved }
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
