import type { RunInstancesRequest, Tag } from '@aws-sdk/client-ec2'
import { cloudConfig } from '../cloud-init.ts'
import type { LaunchRequest } from '../provider.ts'
import type { Image } from './image.ts'
import { addressMicrosPerHour, homeTag, priceTag, rentalTag, sshUser } from './instance.ts'
import type { Placement } from './placement.ts'

/** What a launch has settled before it asks for the machine. */
export interface LaunchFacts {
  readonly image: Image
  readonly groupId: string
  readonly homeId: string
  /** Of the machine in this zone, with its address. */
  readonly microsPerHour: number
}

/** Called once per zone: repeated with the same token it answers the same machine. */
export function runInstances(
  request: LaunchRequest,
  { zone, subnetId }: Placement,
  { image, groupId, homeId, microsPerHour }: LaunchFacts,
): RunInstancesRequest {
  const { rentalId, offer, userData, hostKey, publicKey } = request
  const tags: Tag[] = [
    { Key: 'Name', Value: rentalId },
    { Key: rentalTag, Value: rentalId },
    { Key: homeTag, Value: homeId },
    { Key: priceTag, Value: String(microsPerHour) },
  ]
  const tagged = ['instance', 'volume', 'network-interface'] as const
  const firstStart = cloudConfig({
    user: sshUser,
    authorizedKeys: [publicKey],
    ...(userData === undefined ? {} : { script: userData }),
    ...(hostKey === undefined ? {} : { hostKey }),
  })
  return {
    ImageId: image.id,
    InstanceType: offer.machineType as NonNullable<RunInstancesRequest['InstanceType']>,
    MinCount: 1,
    MaxCount: 1,
    ClientToken: `${rentalId}-${zone}`,
    UserData: Buffer.from(firstStart, 'utf8').toString('base64'),
    // So that `shutdown -h` on the machine ends the bill, and does not only stop.
    InstanceInitiatedShutdownBehavior: 'terminate',
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        SubnetId: subnetId,
        Groups: [groupId],
        AssociatePublicIpAddress: true,
        DeleteOnTermination: true,
      },
    ],
    BlockDeviceMappings: [
      {
        DeviceName: image.rootDevice,
        Ebs: {
          VolumeSize: Math.ceil(Math.max(request.diskGiB, image.minDiskGiB)),
          VolumeType: 'gp3',
          DeleteOnTermination: true,
          Encrypted: true,
        },
      },
    ],
    MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled' },
    TagSpecifications: [
      ...tagged.map((ResourceType) => ({ ResourceType, Tags: tags })),
      ...(offer.spot ? [{ ResourceType: 'spot-instances-request' as const, Tags: tags }] : []),
    ],
    ...(offer.spot ? { InstanceMarketOptions: spotOptions(request.maxMicrosPerHour) } : {}),
  }
}

/** One-time, so that nothing starts again; its price never goes above what was confirmed. */
function spotOptions(
  maxMicrosPerHour: number,
): NonNullable<RunInstancesRequest['InstanceMarketOptions']> {
  return {
    MarketType: 'spot',
    SpotOptions: {
      SpotInstanceType: 'one-time',
      InstanceInterruptionBehavior: 'terminate',
      MaxPrice: usdOfMicros(maxMicrosPerHour - addressMicrosPerHour),
    },
  }
}

/** Micro-dollars as EC2 reads them: `0.421100`. */
export function usdOfMicros(amount: number): string {
  const fraction = String(amount % 1_000_000).padStart(6, '0')
  return `${Math.floor(amount / 1_000_000)}.${fraction}`
}
