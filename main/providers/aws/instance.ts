import { rentalIdSchema, type Billable, type RentalId } from '../../../preload/contract/rental.ts'
import { micros } from '../../domain/money.ts'
import type { Account, Instance } from '../provider.ts'
import type { AwsPlace } from './place.ts'
import type { WireAddress, WireInstance, WireSpotRequest, WireTags, WireVolume } from './wire.ts'

/** The tag with the rental's id; the policy allows to end what carries it. */
export const rentalTag = 'sublet-rental'
/** The tag that says which Sublet home rented a machine. */
export const homeTag = 'sublet-home'
/** The tag with the price at the launch, in micro-dollars an hour. */
export const priceTag = 'sublet-price'

/** Amazon's Ubuntu images have this user. */
export const sshUser = 'ubuntu'

/** $0.005 an hour for each public IPv4 address (https://aws.amazon.com/vpc/pricing/, 2024-02). */
export const addressMicrosPerHour = 5_000

/** gp3: $0.08 a GB and month of 730 hours in us-east-1; other kinds and regions differ. */
const diskMicrosPerGibHour = 80_000 / 730

const states = {
  pending: 'pending',
  running: 'running',
  'shutting-down': 'stopping',
  terminated: 'gone',
  stopping: 'stopping',
  stopped: 'failed',
} as const

/** Ends that were asked for: by us, by the machine's own shutdown, or Amazon taking spot back. */
const wantedEnds =
  /^(Client\.User|Client\.InstanceInitiatedShutdown|User |Server\.SpotInstance|Server\.ScheduledStop)/

/** The notice of an interruption comes so long before it (EC2 user guide, 2023). */
const spotNoticeMs = 120_000

/** A machine as EC2 describes it, with its spot request where it has one. */
export function instanceOf(
  rentalId: RentalId,
  machine: WireInstance,
  request: WireSpotRequest | null,
  { sshPort }: Pick<AwsPlace, 'sshPort'>,
): Instance {
  const reason = machine.StateReason
  const name = machine.State.Name
  const state =
    name === 'terminated' && reason?.Code && !wantedEnds.test(reason.Code) ? 'failed' : states[name]
  const failed = reason?.Message ? `AWS ended the machine: ${reason.Message}` : `It is ${name}.`
  return {
    rentalId,
    instanceId: machine.InstanceId,
    state,
    message: state === 'failed' ? withStop(failed) : null,
    ssh:
      machine.PublicIpAddress && state === 'running'
        ? { host: machine.PublicIpAddress, port: sshPort, user: sshUser, hostKeys: [] }
        : null,
    microsPerHour: priceOf(machine.Tags) ?? 0,
    gpuIndices: null,
    billedFrom: null,
    reclaimAt: reclaimAt(request),
  }
}

function reclaimAt(request: WireSpotRequest | null): number | null {
  const { Code: code, UpdateTime: at } = request?.Status ?? {}
  if (code !== 'marked-for-termination' && code !== 'marked-for-stop') return null
  return at ? at.getTime() + spotNoticeMs : null
}

/** A machine as a row of what is billed; `listPrice` where the launch has noted none. */
export function machineRow(
  machine: WireInstance,
  region: string,
  account: Account,
  listPrice: number | null,
): Billable {
  return {
    ...rowOf('machine', machine.InstanceId, machine.Tags, region, account),
    state: machine.State.Name,
    microsPerHour: asMicros(priceOf(machine.Tags) ?? listPrice),
    createdAt: machine.LaunchTime?.getTime() ?? null,
  }
}

/** A volume as a row of what is billed. */
export function volumeRow(volume: WireVolume, region: string, account: Account): Billable {
  const [attached] = volume.Attachments ?? []
  const isGp3 = (volume.VolumeType ?? 'gp3') === 'gp3'
  return {
    ...rowOf('disk', volume.VolumeId, volume.Tags, region, account),
    state: volume.State,
    microsPerHour: isGp3 ? micros(Math.round(volume.Size * diskMicrosPerGibHour)) : null,
    createdAt: volume.CreateTime?.getTime() ?? null,
    belongsTo: attached?.InstanceId ?? null,
  }
}

/** An elastic address as a row of what is billed. */
export function addressRow(address: WireAddress, region: string, account: Account): Billable {
  return {
    ...rowOf('address', address.AllocationId, address.Tags, region, account),
    state: address.AssociationId ? 'associated' : 'idle',
    microsPerHour: micros(addressMicrosPerHour),
    createdAt: null,
    belongsTo: address.InstanceId || null,
  }
}

/** A spot request that may still start machines as a row of what is billed. */
export function spotRequestRow(
  request: WireSpotRequest,
  region: string,
  account: Account,
): Billable {
  return {
    ...rowOf('spot-request', request.SpotInstanceRequestId, request.Tags, region, account),
    state: request.State,
    microsPerHour: null,
    createdAt: request.CreateTime?.getTime() ?? null,
    belongsTo: request.InstanceId || null,
  }
}

/** The value of a tag; undefined where there is none. */
export const tagIn = (tags: WireTags, key: string): string | undefined =>
  tags?.find(({ Key }) => Key === key)?.Value

function rowOf(
  kind: Billable['kind'],
  nativeId: string,
  tags: WireTags,
  region: string,
  { providerId, id: accountId }: Account,
) {
  const rentalId = rentalIdSchema.safeParse(tagIn(tags, rentalTag))
  return {
    kind,
    providerId,
    accountId,
    nativeId,
    name: tagIn(tags, 'Name') ?? '',
    rentalId: rentalId.success ? rentalId.data : null,
    homeId: tagIn(tags, homeTag) ?? null,
    region,
  }
}

function priceOf(tags: WireTags): number | null {
  const text = tagIn(tags, priceTag)
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : null
}

const asMicros = (amount: number | null) => (amount === null ? null : micros(amount))
const withStop = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)
