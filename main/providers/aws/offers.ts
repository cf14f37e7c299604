import type { BillingTerms, Offer, OfferQuery } from '../../../preload/contract/offer.ts'
import { micros } from '../../domain/money.ts'
import type { Account } from '../provider.ts'
import { hardwareIn, type Hardware } from './hardware.ts'
import { addressMicrosPerHour } from './instance.ts'
import type { AwsParts } from './parts.ts'
import type { ListPrice } from './price-list.ts'
import { familyOf, vcpuQuota } from './quotas.ts'
import { spotPrices } from './spot-prices.ts'

/**
 * By the second after the first minute, while it runs (EC2 user guide, "Instance lifecycle", 2023).
 * gp3 disks cost $0.08 a GB and month of 730 hours, traffic out $0.09 a GB after the first 100 GB
 * of a month (us-east-1, 2026; other regions are up to a third dearer, the smaller part of a bill).
 */
const billing: BillingTerms = {
  incrementMs: 1_000,
  minimumMs: 60_000,
  startsAt: 'running',
  diskMicrosPerGibHour: micros(Math.ceil(80_000 / 730)),
  egressMicrosPerGib: micros(90_000),
}

/** The Deep Learning images take two to four minutes. */
const expectedBootMs = 3 * 60_000

/** Room for the image (about 75 GB) and some work; a job that asks for more gets more. */
const usualDiskGiB = 100

/** Everything that a region offers to this account, each price with the address it needs. */
export async function offersIn(
  parts: AwsParts,
  region: string,
  query: OfferQuery,
  signal: AbortSignal,
): Promise<readonly Offer[]> {
  const { api, account, context, prices, quotas } = parts
  const wantsSpot = query.spot !== false
  const quotaOf = (family: 'G' | 'P', spot: boolean) =>
    quotas.read(`${account.id} ${region}`, context.clock.now(), { family, spot }, () =>
      vcpuQuota(api, region, { family, spot }, signal),
    )
  const types = hardwareIn(api, region, signal)
  const spotRows = async () => {
    const names = (await types).flatMap((one) => (one.spot ? [one.machineType] : []))
    return wantsSpot ? spotPrices(api, context.clock, region, names, signal) : []
  }
  const [hardware, priceOf, spots, g, p, gSpot, pSpot] = await Promise.all([
    types,
    prices.read(api, region, signal),
    spotRows(),
    quotaOf('G', false),
    quotaOf('P', false),
    wantsSpot ? quotaOf('G', true) : null,
    wantsSpot ? quotaOf('P', true) : null,
  ])
  const cheapest = new Map<string, number>()
  for (const { machineType, micros: price } of spots)
    cheapest.set(machineType, Math.min(price, cheapest.get(machineType) ?? Infinity))
  const fetchedAt = context.clock.now()
  return hardware.flatMap((type): Offer[] => {
    const isP = familyOf(type.machineType) === 'P'
    const place = { account, region, diskGiB: Math.max(usualDiskGiB, query.minDiskGiB ?? 0) }
    const onDemand = type.onDemand ? priceOf(type.machineType) : undefined
    const spot = type.spot ? cheapest.get(type.machineType) : undefined
    return [
      ...(onDemand === undefined
        ? []
        : [offerOf(type, { ...place, spot: false, price: onDemand, quota: isP ? p : g })]),
      ...(spot === undefined
        ? []
        : [
            offerOf(type, {
              ...place,
              spot: true,
              price: { micros: micros(spot), readAt: fetchedAt, source: 'live' },
              quota: isP ? pSpot : gSpot,
            }),
          ]),
    ]
  })
}

interface OfferFacts {
  readonly account: Account
  readonly region: string
  readonly diskGiB: number
  readonly spot: boolean
  readonly price: ListPrice
  readonly quota: number | null
}

function offerOf(
  type: Hardware,
  { account, region, diskGiB, spot, price, quota }: OfferFacts,
): Offer {
  const { machineType, gpu, vcpus, memoryGiB } = type
  return {
    id: `${account.providerId}:${account.id}:${machineType}:${region}:${spot ? 'spot' : 'od'}`,
    providerId: account.providerId,
    accountId: account.id,
    machineType,
    region,
    gpu,
    vcpus,
    memoryGiB,
    diskGiB,
    arch: 'x86_64',
    spot,
    microsPerHour: micros(price.micros + addressMicrosPerHour),
    ...(price.reservedMicros === undefined
      ? {}
      : { reservedMicrosPerHour: micros(price.reservedMicros + addressMicrosPerHour) }),
    billing,
    // Amazon does not say what it has free.
    availability: quota !== null && quota < vcpus ? 'no-quota' : 'unknown',
    expectedBootMs,
    fetchedAt: price.readAt,
    source: price.source,
    simulated: false,
  }
}
