import { tagSet, type Tag, type Tree } from './aws-wire.ts'
import type { FakeMachine, MachineState } from './fake-machines.ts'

/** What a machine was launched with. */
export interface AwsFacts {
  readonly type: string
  readonly zone: string
  readonly spot: boolean
  readonly tags: readonly Tag[]
  readonly groups: readonly string[]
  /** Everything that RunInstances was asked, for tests. */
  readonly input: Tree
}

type Machine = FakeMachine<AwsFacts>

const states = {
  booting: [0, 'pending'],
  running: [16, 'running'],
  // A launch that fails has ended by itself.
  failed: [48, 'terminated'],
  ending: [32, 'shutting-down'],
  ended: [48, 'terminated'],
} as const

/** As `InstanceState` says it. */
export function stateRow(state: MachineState) {
  const [code, name] = states[state]
  return { code, name }
}

/** As `DescribeInstances` answers it. */
export function machineRow(machine: Machine, state: MachineState, address: string) {
  const { id, facts } = machine
  const instanceState = stateRow(state)
  return {
    instanceId: id,
    imageId: 'ami-0123456789',
    instanceState,
    instanceType: facts.type,
    launchTime: new Date(machine.createdAt),
    placement: { availabilityZone: facts.zone },
    ...(state === 'running' ? { ipAddress: address } : {}),
    ...(instanceState.name === 'terminated' ? { stateReason: reasonOf(machine, state) } : {}),
    ...(facts.spot ? { instanceLifecycle: 'spot', spotInstanceRequestId: requestIdOf(id) } : {}),
    tagSet: tagSet(facts.tags),
  }
}

/** Its root disk, which goes with it. */
export function rootVolumeRow({ id, facts, createdAt }: Machine) {
  return {
    volumeId: id.replace('i-', 'vol-'),
    status: 'in-use',
    size: 100,
    volumeType: 'gp3',
    createTime: new Date(createdAt),
    attachmentSet: { item: [{ instanceId: id, deleteOnTermination: true }] },
    tagSet: tagSet(facts.tags),
  }
}

/** The one-time request that a spot machine came from. */
export function spotRequestRow({ id, facts, createdAt, reclaimAt }: Machine, state: MachineState) {
  const ended = state === 'ended'
  const marked = reclaimAt !== null && !ended
  return {
    spotInstanceRequestId: requestIdOf(id),
    state: ended ? 'closed' : 'active',
    type: 'one-time',
    status: {
      code: marked ? 'marked-for-termination' : 'fulfilled',
      // The notice comes two minutes before the end.
      updateTime: new Date(marked ? reclaimAt - 120_000 : createdAt),
    },
    instanceId: id,
    createTime: new Date(createdAt),
    tagSet: tagSet(facts.tags),
  }
}

function reasonOf({ reclaimAt }: Machine, state: MachineState) {
  if (state === 'failed')
    return {
      code: 'Server.InternalError',
      message: 'Server.InternalError: Internal error on launch',
    }
  return reclaimAt === null
    ? { code: 'Client.UserInitiatedShutdown', message: 'User initiated shutdown' }
    : { code: 'Server.SpotInstanceTermination', message: 'Spot instance termination' }
}

const requestIdOf = (id: string): string => id.replace('i-0', 'sir-')
