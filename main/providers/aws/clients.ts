import type { EC2 } from '@aws-sdk/client-ec2'
import type { Pricing } from '@aws-sdk/client-pricing'
import type { ServiceQuotas } from '@aws-sdk/client-service-quotas'
import type { SSM } from '@aws-sdk/client-ssm'
import type { STS } from '@aws-sdk/client-sts'
import type { Account, ProviderContext } from '../provider.ts'
import { homeRegion, signedBy } from './credentials.ts'
import type { AwsPlace } from './place.ts'
import { requestHandler } from './request-handler.ts'

/** Where the price list of all regions answers (pricing-2017-10-15.json, 2025-04). */
export const pricingRegion = 'us-east-1'

/** The SDK's clients, one a service and region. They neither retry nor read this process's environment. */
export interface AwsClients {
  readonly ec2: (region: string) => Promise<EC2>
  readonly ssm: (region: string) => Promise<SSM>
  readonly quotas: (region: string) => Promise<ServiceQuotas>
  readonly sts: () => Promise<STS>
  readonly pricing: () => Promise<Pricing>
}

export type MakeClients = (
  account: Account,
  context: ProviderContext,
  place: AwsPlace,
) => AwsClients

/** Clients with an account's keys. The SDK is loaded with the first one: it takes a quarter second. */
export const sdkClients: MakeClients = (account, context, place) => {
  const endpoint = place.endpoint ?? context.environment['AWS_ENDPOINT_URL']
  const config = (region: string) => ({
    region,
    credentials: signedBy(account, context),
    maxAttempts: 1,
    requestHandler: requestHandler(place.requestTimeoutMs),
    ...(endpoint ? { endpoint } : {}),
  })
  const home = homeRegion(account)
  return {
    ec2: eachOnce(async (region) => {
      const { EC2 } = await import('@aws-sdk/client-ec2')
      return new EC2(config(region))
    }),
    ssm: eachOnce(async (region) => {
      const { SSM } = await import('@aws-sdk/client-ssm')
      return new SSM(config(region))
    }),
    quotas: eachOnce(async (region) => {
      const { ServiceQuotas } = await import('@aws-sdk/client-service-quotas')
      return new ServiceQuotas(config(region))
    }),
    sts: async () => {
      const { STS } = await import('@aws-sdk/client-sts')
      return new STS(config(home))
    },
    pricing: async () => {
      const { Pricing } = await import('@aws-sdk/client-pricing')
      return new Pricing(config(pricingRegion))
    },
  }
}

function eachOnce<T>(make: (region: string) => Promise<T>): (region: string) => Promise<T> {
  const made = new Map<string, Promise<T>>()
  return (region) => {
    const known = made.get(region) ?? make(region)
    made.set(region, known)
    return known
  }
}
