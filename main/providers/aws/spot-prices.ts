import type { _InstanceType } from '@aws-sdk/client-ec2'
import type { Micros } from '../../../preload/contract/money.ts'
import type { Clock } from '../../domain/clock.ts'
import { microsOfUsd } from '../../domain/usd.ts'
import type { AwsApi } from './api.ts'
import { spotPricesSchema } from './wire.ts'

/** The price of one machine type in one zone right now. */
export interface SpotPrice {
  readonly machineType: string
  readonly zone: string
  readonly micros: Micros
}

/** The latest spot price of these machine types in each zone of a region. */
export async function spotPrices(
  api: AwsApi,
  clock: Clock,
  region: string,
  machineTypes: readonly string[],
  signal: AbortSignal,
): Promise<readonly SpotPrice[]> {
  if (machineTypes.length === 0) return []
  const latest = new Map<string, { readonly at: number; readonly price: SpotPrice }>()
  const pages = api.pages(
    spotPricesSchema,
    region,
    (ec2, token, how) =>
      ec2.describeSpotPriceHistory(
        {
          InstanceTypes: machineTypes as _InstanceType[],
          ProductDescriptions: ['Linux/UNIX'],
          // From now on means: the price that holds now, of each type and zone.
          StartTime: new Date(clock.now()),
          MaxResults: 1_000,
          ...token,
        },
        how,
      ),
    signal,
  )
  for await (const { SpotPriceHistory: rows } of pages) {
    for (const { AvailabilityZone: zone, InstanceType: type, SpotPrice: text, ...row } of rows) {
      const key = `${type} ${zone}`
      const price = microsOfUsd(text)
      const at = row.Timestamp.getTime()
      if (price <= 0 || (latest.get(key)?.at ?? -Infinity) > at) continue
      latest.set(key, { at, price: { machineType: type, zone, micros: price } })
    }
  }
  return [...latest.values()].map(({ price }) => price)
}
