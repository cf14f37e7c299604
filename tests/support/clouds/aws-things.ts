import { randomBytes } from 'node:crypto'
import {
  ec2,
  filterOf,
  refused,
  tagSet,
  text,
  type AwsRequest,
  type Tag,
  type Tree,
} from './aws-wire.ts'
import type { FakeAnswer } from './fake-server.ts'

interface Thing {
  readonly id: string
  readonly kind: 'disk' | 'address' | 'spot-request'
  readonly region: string
  readonly tags: readonly Tag[]
}

interface Group {
  readonly id: string
  readonly name: string
  readonly region: string
  readonly vpcId: string
  readonly tags: readonly Tag[]
  /** Address ranges that may reach port 22. */
  readonly open: string[]
}

const prefixes = { disk: 'vol', address: 'eipalloc', 'spot-request': 'sir' }
const newId = (kind: string): string => `${kind}-0${randomBytes(8).toString('hex')}`

/** What there is beside machines: volumes, addresses, spot requests, security groups. */
export class AwsThings {
  readonly groups: Group[] = []
  #things: Thing[] = []

  plant(kind: Thing['kind'], region: string, tags: readonly Tag[]): string {
    const id = newId(prefixes[kind])
    this.#things.push({ id, kind, region, tags })
    return id
  }

  hasGroup(id: string): boolean {
    return this.groups.some((one) => one.id === id)
  }

  volumesIn(region: string) {
    return this.#of('disk', region).map(({ id, tags }) => ({
      volumeId: id,
      status: 'available',
      size: 100,
      volumeType: 'gp3',
      createTime: new Date(0),
      attachmentSet: {},
      tagSet: tagSet(tags),
    }))
  }

  requestsIn(region: string) {
    return this.#of('spot-request', region).map(({ id, tags }) => ({
      spotInstanceRequestId: id,
      state: 'open',
      type: 'persistent',
      status: { code: 'capacity-not-available', updateTime: new Date(0) },
      createTime: new Date(0),
      tagSet: tagSet(tags),
    }))
  }

  answer({ action, region, input }: AwsRequest): FakeAnswer | null {
    switch (action) {
      case 'DescribeAddresses':
        return ec2(action, {
          addressesSet: {
            item: this.#of('address', region).map(({ id, tags }) => ({
              allocationId: id,
              publicIp: '198.51.100.1',
              domain: 'vpc',
              tagSet: tagSet(tags),
            })),
          },
        })
      case 'DeleteVolume':
        return this.#remove(action, region, text(input['VolumeId']), 'InvalidVolume')
      case 'ReleaseAddress':
        return this.#remove(action, region, text(input['AllocationId']), 'InvalidAllocationID')
      case 'CancelSpotInstanceRequests': {
        const [id = ''] = input['SpotInstanceRequestId'] as readonly string[]
        return this.#remove(action, region, id, 'InvalidSpotInstanceRequestID')
      }
      case 'DescribeSecurityGroups': {
        const names = filterOf(input, 'group-name')
        const found = this.groups.filter(
          (one) => one.region === region && (names?.includes(one.name) ?? true),
        )
        return ec2(action, {
          securityGroupInfo: {
            item: found.map(({ id, name, vpcId, tags }) => ({
              groupId: id,
              groupName: name,
              vpcId,
              tagSet: tagSet(tags),
            })),
          },
        })
      }
      case 'CreateSecurityGroup':
        return this.#makeGroup(region, input)
      case 'AuthorizeSecurityGroupIngress':
        return this.#open(input)
      case 'DeleteSecurityGroup': {
        const index = this.groups.findIndex(({ id }) => id === input['GroupId'])
        if (index === -1) return refused(400, 'InvalidGroup.NotFound', 'It does not exist.')
        this.groups.splice(index, 1)
        return ec2(action, { return: true })
      }
      default:
        return null
    }
  }

  #makeGroup(region: string, input: Tree): FakeAnswer {
    const [name, vpcId] = [text(input['GroupName']), text(input['VpcId'])]
    if (this.groups.some((one) => one.name === name && one.vpcId === vpcId))
      return refused(400, 'InvalidGroup.Duplicate', `The security group '${name}' already exists`)
    const [tagged] = input['TagSpecification'] as readonly Tree[]
    const tags = (tagged?.['Tag'] ?? []) as unknown as readonly Tag[]
    const id = newId('sg')
    this.groups.push({ id, name, region, vpcId, tags, open: [] })
    return ec2('CreateSecurityGroup', { return: true, groupId: id })
  }

  #open(input: Tree): FakeAnswer {
    const group = this.groups.find(({ id }) => id === input['GroupId'])
    if (group === undefined) return refused(400, 'InvalidGroup.NotFound', 'It does not exist.')
    const [rule] = input['IpPermissions'] as readonly Tree[]
    const [range] = (rule?.['IpRanges'] ?? []) as readonly Tree[]
    const address = text(range?.['CidrIp'])
    if (group.open.includes(address))
      return refused(400, 'InvalidPermission.Duplicate', 'The rule already exists')
    group.open.push(address)
    return ec2('AuthorizeSecurityGroupIngress', { return: true })
  }

  #of(kind: Thing['kind'], region: string): readonly Thing[] {
    return this.#things.filter((one) => one.kind === kind && one.region === region)
  }

  #remove(action: string, region: string, id: string, code: string): FakeAnswer {
    const kept = this.#things.filter((one) => one.id !== id || one.region !== region)
    if (kept.length === this.#things.length)
      return refused(400, `${code}.NotFound`, 'It does not exist.')
    this.#things = kept
    return ec2(action, { return: true })
  }
}
