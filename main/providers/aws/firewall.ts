import type { AwsApi } from './api.ts'
import { isNative } from './errors.ts'
import { homeTag, rentalTag } from './instance.ts'
import { anything, groupsSchema, madeGroupSchema } from './wire.ts'

/** Said where the user's own address is not known. */
export const openToAll =
  'Port 22 of the machine is open to every address, as this computer’s own could not be asked for; only the key of this rental can log in.'

/** The security group of one rental: port 22 from one address, or from all where it is null. */
export async function openGroup(
  api: AwsApi,
  group: {
    readonly region: string
    readonly vpcId: string
    readonly rentalId: string
    readonly homeId: string
    readonly address: string | null
  },
  signal: AbortSignal,
): Promise<string> {
  const id = await madeGroup(api, group, signal)
  await allowSsh(api, group.region, id, group.address, signal)
  return id
}

/** Lets an address reach port 22; again is the same. */
export async function allowSsh(
  api: AwsApi,
  region: string,
  groupId: string,
  address: string | null,
  signal: AbortSignal,
): Promise<void> {
  const range = {
    CidrIp: address === null ? '0.0.0.0/0' : `${address}/32`,
    Description: 'SSH from where Sublet runs',
  }
  const rule = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [range] }
  try {
    await api.change(
      anything,
      region,
      (ec2, how) =>
        ec2.authorizeSecurityGroupIngress({ GroupId: groupId, IpPermissions: [rule] }, how),
      signal,
    )
  } catch (thrown) {
    if (!isNative(thrown, 'InvalidPermission.Duplicate')) throw thrown
  }
}

/** The groups that the launches of a rental have made, whatever their network. */
export async function groupsOf(
  api: AwsApi,
  region: string,
  rentalId: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { SecurityGroups: groups } = await api.read(
    groupsSchema,
    region,
    (ec2, how) =>
      ec2.describeSecurityGroups(
        {
          Filters: [
            { Name: 'group-name', Values: [rentalId] },
            { Name: `tag:${rentalTag}`, Values: [rentalId] },
          ],
        },
        how,
      ),
    signal,
  )
  return groups.map(({ GroupId }) => GroupId)
}

/** Makes it, or finds the one that an earlier call for the same rental has made. */
async function madeGroup(
  api: AwsApi,
  {
    region,
    vpcId,
    rentalId,
    homeId,
  }: {
    readonly region: string
    readonly vpcId: string
    readonly rentalId: string
    readonly homeId: string
  },
  signal: AbortSignal,
): Promise<string> {
  try {
    const { GroupId } = await api.change(
      madeGroupSchema,
      region,
      (ec2, how) =>
        ec2.createSecurityGroup(
          {
            GroupName: rentalId,
            Description: 'Made by Sublet for one rental',
            VpcId: vpcId,
            TagSpecifications: [
              {
                ResourceType: 'security-group',
                Tags: [
                  { Key: 'Name', Value: rentalId },
                  { Key: rentalTag, Value: rentalId },
                  { Key: homeTag, Value: homeId },
                ],
              },
            ],
          },
          how,
        ),
      signal,
    )
    return GroupId
  } catch (thrown) {
    if (!isNative(thrown, 'InvalidGroup.Duplicate')) throw thrown
    const [known] = await groupsOf(api, region, rentalId, signal)
    if (known !== undefined) return known
    throw thrown
  }
}
