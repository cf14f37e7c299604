import { productRow, regionOfZone, typeRow, typesIn } from './aws-catalogue.ts'
import {
  ec2,
  filterOf,
  matches,
  refusedJson,
  text,
  type AwsRequest,
  type Tree,
} from './aws-wire.ts'
import type { FakeAnswer } from './fake-server.ts'

/** What a test may set about the account. */
export interface AwsSettings {
  /** The account's number. */
  readonly number: string
  readonly regions: readonly string[]
  /** vCPUs by quota code. */
  readonly quotas: ReadonlyMap<string, number>
  /** Regions without default network. */
  readonly bareRegions: ReadonlySet<string>
}

/** An answer that only reads, and does not depend on what was launched; null for other questions. */
export function awsReading(
  { number, regions, quotas, bareRegions }: AwsSettings,
  now: number,
  { service, action, region, input }: AwsRequest,
): FakeAnswer | null {
  switch (action) {
    case 'GetCallerIdentity':
      return {
        status: 200,
        body: {
          GetCallerIdentityResponse: {
            GetCallerIdentityResult: {
              Arn: `arn:aws:iam::${number}:user/sublet`,
              UserId: 'AIDAEXAMPLE',
              Account: number,
            },
          },
        },
      }
    case 'GetProducts': {
      const filters = input['Filters'] as readonly Tree[]
      const wanted = text(filters.find((one) => one['Field'] === 'regionCode')?.['Value'])
      const rows = typesIn(wanted).map((type) => productRow(type, wanted))
      return { status: 200, body: { FormatVersion: 'aws_v1', PriceList: rows } }
    }
    case 'GetServiceQuota': {
      const code = text(input['QuotaCode'])
      const value = quotas.get(code)
      if (value === undefined) return refusedJson('NoSuchResourceException', 'No such quota.')
      return { status: 200, body: { Quota: { QuotaCode: code, Value: value, Unit: 'None' } } }
    }
    case 'GetParameter':
      return service === 'ssm'
        ? { status: 200, body: { Parameter: { Name: input['Name'], Value: 'ami-0123456789' } } }
        : null
    case 'DescribeRegions':
      return ec2(action, {
        regionInfo: {
          item: regions.map((one) => ({
            regionName: one,
            regionEndpoint: `ec2.${one}.amazonaws.com`,
            optInStatus: 'opt-in-not-required',
          })),
        },
      })
    case 'DescribeInstanceTypes': {
      const rows = typesIn(region).filter(([name]) =>
        matches(filterOf(input, 'instance-type'), name),
      )
      return ec2(action, { instanceTypeSet: { item: rows.map(typeRow) } })
    }
    case 'DescribeInstanceTypeOfferings':
    case 'DescribeSpotPriceHistory':
      return byZone(
        now,
        action,
        region,
        filterOf(input, 'instance-type') ?? (input['InstanceType'] as readonly string[]),
      )
    case 'DescribeImages': {
      const root = { deviceName: '/dev/sda1', ebs: { volumeSize: 75 } }
      const image = {
        imageId: 'ami-0123456789',
        creationDate: '2026-10-01T00:00:00.000Z',
        rootDeviceName: '/dev/sda1',
        blockDeviceMapping: { item: [root, { deviceName: '/dev/sdb' }] },
      }
      return ec2(action, { imagesSet: { item: [image] } })
    }
    case 'DescribeSubnets':
      return ec2(action, { subnetSet: { item: subnets(region, bareRegions.has(region)) } })
    default:
      return null
  }
}

function byZone(
  now: number,
  action: string,
  region: string,
  wanted: readonly string[] | null,
): FakeAnswer {
  const rows = typesIn(region)
    .filter(([name]) => matches(wanted, name))
    .flatMap(([name, { zones, spot }]) =>
      zones.filter((zone) => regionOfZone(zone) === region).map((zone) => ({ name, zone, spot })),
    )
  return action === 'DescribeInstanceTypeOfferings'
    ? ec2(action, {
        instanceTypeOfferingSet: {
          item: rows.map(({ name, zone }) => ({
            instanceType: name,
            locationType: 'availability-zone',
            location: zone,
          })),
        },
      })
    : ec2(action, {
        spotPriceHistorySet: {
          item: rows.map(({ name, zone, spot }) => ({
            instanceType: name,
            availabilityZone: zone,
            productDescription: 'Linux/UNIX',
            // The further zones are a little dearer.
            spotPrice: zone.endsWith('c') ? String(Number(spot) + 0.01) : spot,
            timestamp: new Date(now - 60_000),
          })),
        },
        nextToken: '',
      })
}

function subnets(region: string, bare: boolean) {
  return ['a', 'b', 'c'].map((letter) => ({
    subnetId: `subnet-${region}${letter}`,
    vpcId: `vpc-${region}`,
    availabilityZone: `${region}${letter}`,
    defaultForAz: !bare,
    mapPublicIpOnLaunch: !bare,
  }))
}
