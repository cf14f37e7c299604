import { SubletError } from '../../domain/errors.ts'
import type { AwsApi } from './api.ts'
import { subnetsSchema, typeZonesSchema, type WireSubnet } from './wire.ts'

/** A zone that has the machine type, and a subnet in it that reaches the internet. */
export interface Placement {
  readonly zone: string
  readonly subnetId: string
  readonly vpcId: string
}

/**
 * Where a machine type can be started in a region, all in one network, by the zones' names: the
 * default network, or else the one that gives public addresses in the most of these zones.
 */
export async function placementsOf(
  api: AwsApi,
  region: string,
  machineType: string,
  signal: AbortSignal,
): Promise<readonly Placement[]> {
  const [zones, subnets] = await Promise.all([
    zonesOf(api, region, machineType, signal),
    subnetsOf(api, region, signal),
  ])
  const usable = subnets.some(({ DefaultForAz }) => DefaultForAz === true)
    ? subnets.filter(({ DefaultForAz }) => DefaultForAz === true)
    : subnets.filter(({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch === true)
  if (usable.length === 0) {
    // Like a quota it holds for all that the account would rent there, and other regions may do.
    throw new SubletError(
      'quota',
      `Your AWS account has no default network in ${region} and no subnet that gives public addresses: make one with "aws ec2 create-default-vpc --region ${region}", or choose another region.`,
    )
  }
  const byVpc = new Map<string, Map<string, Placement>>()
  for (const { AvailabilityZone: zone, SubnetId: subnetId, VpcId: vpcId } of usable) {
    if (!zones.has(zone)) continue
    const network = byVpc.get(vpcId) ?? new Map<string, Placement>()
    byVpc.set(vpcId, network)
    if (!network.has(zone)) network.set(zone, { zone, subnetId, vpcId })
  }
  const [widest] = [...byVpc.values()].sort((a, b) => b.size - a.size)
  if (widest !== undefined) return [...widest.values()].sort((a, b) => a.zone.localeCompare(b.zone))
  throw new SubletError(
    'no-capacity',
    `No zone of ${region} that your network reaches has ${machineType}: choose another region or type.`,
  )
}

async function zonesOf(
  api: AwsApi,
  region: string,
  machineType: string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const zones = new Set<string>()
  const pages = api.pages(
    typeZonesSchema,
    region,
    (ec2, token, how) =>
      ec2.describeInstanceTypeOfferings(
        {
          LocationType: 'availability-zone',
          Filters: [{ Name: 'instance-type', Values: [machineType] }],
          ...token,
        },
        how,
      ),
    signal,
  )
  for await (const { InstanceTypeOfferings: rows } of pages) {
    for (const { Location } of rows) zones.add(Location)
  }
  return zones
}

async function subnetsOf(
  api: AwsApi,
  region: string,
  signal: AbortSignal,
): Promise<readonly WireSubnet[]> {
  const found: WireSubnet[] = []
  const pages = api.pages(
    subnetsSchema,
    region,
    (ec2, token, how) =>
      ec2.describeSubnets({ Filters: [{ Name: 'state', Values: ['available'] }], ...token }, how),
    signal,
  )
  for await (const { Subnets: subnets } of pages) found.push(...subnets)
  return found
}
