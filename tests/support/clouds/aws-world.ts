import { randomBytes } from 'node:crypto'
import type { Clock } from '../../../main/domain/clock.ts'
import type { Operation, Planted } from '../../conformance/subject.ts'
import { awsTypes, regionOfZone } from './aws-catalogue.ts'
import {
  machineRow,
  rootVolumeRow,
  spotRequestRow,
  stateRow,
  type AwsFacts,
} from './aws-machine-rows.ts'
import { awsReading } from './aws-readings.ts'
import { AwsThings } from './aws-things.ts'
import {
  awsRequest,
  ec2,
  encode,
  filterOf,
  grownAnswer,
  refusal,
  refused,
  text,
  type AwsRequest,
  type Tag,
  type Tree,
} from './aws-wire.ts'
import type { FakeWorld } from './fake-cloud.ts'
import { MachineWorld } from './machine-world.ts'
import { FakeMachines, type FakeMachine } from './fake-machines.ts'
import type { FakeAnswer, FakeRequest } from './fake-server.ts'

const newId = (kind: string): string => `${kind}-0${randomBytes(8).toString('hex')}`
const missing = (code: string): FakeAnswer => refused(400, `${code}.NotFound`, 'It does not exist.')

/** EC2 in two regions, with the services beside it: STS, price list, quotas, parameters. */
export class AwsWorld extends MachineWorld<AwsFacts> implements FakeWorld {
  readonly machines: FakeMachines<AwsFacts>
  readonly things = new AwsThings()
  readonly worldFaults = [
    'invisible',
    'lingering',
    'slow-release',
    'leftover-disk',
    'leftover-address',
    'leftover-spot-request',
    'never-boots',
    'boot-fails',
  ] as const
  readonly regions = ['us-east-1', 'eu-central-1']
  /** Where its machines answer; a test's own sshd. */
  address = '127.0.0.1'
  /** vCPUs by quota code. */
  readonly quotas = new Map([
    ['L-DB2E81BA', 64],
    ['L-3819A6DF', 64],
    ['L-417A185B', 0],
  ])
  /** So many launches hear that their security group is not known: it was made a moment ago. */
  lateGroups = 0
  /** Zones that have nothing free; regions that answer nothing; regions without default network. */
  readonly fullZones = new Set<string>()
  /** Actions that the keys may not do. */
  readonly denied = new Set<string>()
  readonly deadRegions = new Set<string>()
  readonly bareRegions = new Set<string>()
  /** What this computer is seen with. */
  ownAddress = '203.0.113.7'
  /** Of the account whose keys are used. */
  number = '123456789012'
  readonly encode = encode
  readonly grown = grownAnswer
  readonly refusal = refusal
  readonly #clock: Clock
  readonly #tokens = new Map<string, { readonly words: string; readonly id: string }>()

  constructor(clock: Clock) {
    super()
    this.#clock = clock
    this.machines = new FakeMachines(clock, { bootMs: 500, newId: () => newId('i') })
  }

  operationsOf(request: FakeRequest): readonly Operation[] {
    const asked = awsRequest(request)
    if (asked === null || asked.input['DryRun'] === 'true') return []
    switch (asked.action) {
      case 'GetCallerIdentity':
        return ['check']
      case 'DescribeRegions':
        return ['offers']
      case 'RunInstances':
        return ['launch']
      case 'DescribeInstances':
        return 'InstanceId' in asked.input || 'Filter' in asked.input ? ['describe'] : ['list']
      case 'TerminateInstances':
        return ['release']
      default:
        return []
    }
  }

  answer(request: FakeRequest): FakeAnswer {
    if (request.path === '/own-address') return { status: 200, body: `${this.ownAddress}\n` }
    const asked = awsRequest(request)
    if (asked === null) return refusal('bad-key')
    if (this.deadRegions.has(asked.region) && asked.action !== 'DescribeRegions')
      return refusal('server-error')
    if (this.denied.has(asked.action)) return refusal('permission')
    if (asked.input['DryRun'] === 'true')
      return refused(
        412,
        'DryRunOperation',
        'Request would have succeeded, but DryRun flag is set.',
      )
    return (
      awsReading(this, this.#clock.now(), asked) ??
      this.#machine(asked) ??
      this.things.answer(asked) ?? {
        status: 599,
        body: { fake: `It does not know ${asked.service}:${asked.action}.` },
      }
    )
  }

  override reclaim(rentalId: string, noticeMs: number): boolean {
    const machine = this.machines.ofRental(rentalId)
    if (!machine.facts.spot) return false
    machine.reclaimAt = this.#clock.now() + noticeMs
    return true
  }

  plant(what: Planted): string | null {
    if (what.kind === 'copy' || what.kind === 'machine') {
      const name = what.kind === 'copy' ? what.of.rentalId : what.name
      const tags = [{ Key: 'Name', Value: name }]
      if (what.kind === 'copy') tags.push({ Key: 'sublet-rental', Value: name })
      const facts = { type: 'g4dn.xlarge', zone: 'us-east-1b', spot: false, groups: [], input: {} }
      return this.machines.launch(name, { ...facts, tags }).id
    }
    return this.things.plant(what.kind, 'us-east-1', [{ Key: 'Name', Value: what.name }])
  }

  /** A launch that failed has ended by itself. */
  override live(): number {
    return this.machines.all().filter((one) => this.#lives(one)).length
  }

  #lives(machine: FakeMachine<AwsFacts>): boolean {
    return !['ended', 'failed'].includes(this.machines.stateOf(machine))
  }

  #machine({ action, region, input }: AwsRequest): FakeAnswer | null {
    switch (action) {
      case 'DescribeInstances':
        return this.#describe(region, input)
      case 'RunInstances':
        return this.#run(region, input)
      case 'TerminateInstances': {
        const [id = ''] = input['InstanceId'] as readonly string[]
        const machine = this.#known(region).find((one) => one.id === id)
        if (machine === undefined) return missing('InvalidInstanceID')
        this.machines.end(machine)
        return ec2(action, {
          instancesSet: {
            item: [{ instanceId: id, currentState: stateRow(this.machines.shownStateOf(machine)) }],
          },
        })
      }
      case 'DescribeVolumes':
        return ec2(action, {
          volumeSet: {
            item: [
              ...this.things.volumesIn(region),
              ...this.#known(region)
                .filter((one) => this.#lives(one))
                .map(rootVolumeRow),
            ],
          },
        })
      case 'DescribeSpotInstanceRequests': {
        const ids = input['SpotInstanceRequestId'] as readonly string[] | undefined
        const all = [
          ...this.things.requestsIn(region),
          ...this.#known(region)
            .filter(({ facts }) => facts.spot)
            .map((one) => spotRequestRow(one, this.machines.stateOf(one))),
        ]
        const found = all.filter((one) => ids?.includes(one.spotInstanceRequestId) ?? true)
        return ec2(action, { spotInstanceRequestSet: { item: found } })
      }
      case 'DeleteSecurityGroup': {
        const used = this.machines
          .all()
          .some((one) => this.#lives(one) && one.facts.groups.includes(text(input['GroupId'])))
        return used ? refused(400, 'DependencyViolation', 'It has a dependent object.') : null
      }
      default:
        return null
    }
  }

  #run(region: string, input: Tree): FakeAnswer {
    const token = text(input['ClientToken'])
    const words = JSON.stringify(input)
    const before = this.#tokens.get(token)
    if (before !== undefined) {
      const machine = this.machines.all().find(({ id }) => id === before.id)
      if (before.words !== words || machine === undefined)
        return refused(400, 'IdempotentParameterMismatch', 'The token was used before.')
      return ec2('RunInstances', {
        ownerId: this.number,
        instancesSet: { item: [this.#row(machine)] },
      })
    }
    const type = text(input['InstanceType'])
    const [nic] = input['NetworkInterface'] as readonly Tree[]
    const zone = text(nic?.['SubnetId']).replace('subnet-', '')
    const groups = nic?.['SecurityGroupId'] as readonly string[]
    const isKnown = this.lateGroups === 0 && groups.every((id) => this.things.hasGroup(id))
    this.lateGroups = Math.max(0, this.lateGroups - 1)
    if (!isKnown) return missing('InvalidGroup')
    if (!(awsTypes[type]?.zones.includes(zone) ?? false) || regionOfZone(zone) !== region)
      return refused(400, 'Unsupported', `${type} is not supported in ${zone}.`)
    if (this.fullZones.has(zone)) return refusal('no-capacity')
    const tags = tagsFor(input, 'instance')
    const spot = (input['InstanceMarketOptions'] as Tree | undefined)?.['MarketType'] === 'spot'
    const name = tags.find(({ Key }) => Key === 'Name')?.Value ?? ''
    const machine = this.machines.launch(name, { type, zone, spot, tags, groups, input })
    this.#tokens.set(token, { words, id: machine.id })
    for (const kind of ['address', 'spot-request'] as const) {
      if (this.machines.take(`leftover-${kind}`) !== undefined)
        this.things.plant(kind, region, tags)
    }
    if (this.machines.take('leftover-disk') !== undefined)
      this.things.plant('disk', region, tagsFor(input, 'volume'))
    return ec2('RunInstances', {
      ownerId: this.number,
      instancesSet: { item: [this.#row(machine)] },
    })
  }

  #describe(region: string, input: Tree): FakeAnswer {
    const ids = input['InstanceId'] as readonly string[] | undefined
    const wanted = filterOf(input, 'tag:sublet-rental')
    const found = this.#known(region).filter(
      ({ id, facts }) =>
        (ids?.includes(id) ?? true) &&
        (wanted === null ||
          facts.tags.some(({ Key, Value }) => Key === 'sublet-rental' && wanted.includes(Value))),
    )
    if (ids !== undefined && found.length === 0) return missing('InvalidInstanceID')
    const item = found.map((one) => ({
      reservationId: newId('r'),
      instancesSet: { item: [this.#row(one)] },
    }))
    return ec2('DescribeInstances', { reservationSet: { item } })
  }

  /** Ended machines are shown for about an hour. */
  #known(region: string): readonly FakeMachine<AwsFacts>[] {
    return this.machines
      .all()
      .filter(({ id, facts }) => regionOfZone(facts.zone) === region && this.machines.byId(id))
  }

  #row(machine: FakeMachine<AwsFacts>) {
    return machineRow(machine, this.machines.shownStateOf(machine), this.address)
  }
}

function tagsFor(input: Tree, kind: string): readonly Tag[] {
  const all = (input['TagSpecification'] ?? []) as readonly Tree[]
  const found = all.find((one) => one['ResourceType'] === kind)
  return (found?.['Tag'] ?? []) as readonly Tree[] as unknown as readonly Tag[]
}
