import type { Billable } from '../../../preload/contract/rental.ts'
import {
  addressMicrosPerHour,
  addressRow,
  machineRow,
  rentalTag,
  spotRequestRow,
  tagIn,
  volumeRow,
} from './instance.ts'
import type { AwsParts } from './parts.ts'
import {
  addressesSchema,
  instancesSchema,
  spotRequestsSchema,
  volumesSchema,
  type WireInstance,
  type WireSpotRequest,
  type WireVolume,
} from './wire.ts'

/**
 * Everything that is billed in these regions, all asked at once. One that fails fails the list: a
 * part of it would look like an end.
 */
export async function* listBillables(
  parts: AwsParts,
  regions: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Billable> {
  const all = await Promise.all(regions.map((region) => billablesIn(parts, region, signal)))
  yield* all.flat()
}

async function billablesIn(
  parts: AwsParts,
  region: string,
  signal: AbortSignal,
): Promise<readonly Billable[]> {
  const { api, account, prices } = parts
  const [machines, volumes, addresses, requests, priceOf] = await Promise.all([
    machinesIn(parts, region, signal),
    volumesIn(parts, region, signal),
    api.read(addressesSchema, region, (ec2, how) => ec2.describeAddresses({}, how), signal),
    spotRequestsIn(parts, region, signal),
    prices.known(region),
  ])
  const ours = new Set(
    machines
      .filter(({ Tags }) => tagIn(Tags, rentalTag) !== undefined)
      .map(({ InstanceId }) => InstanceId),
  )
  const listPrice = ({
    InstanceType: type,
    InstanceLifecycle: life,
    PublicIpAddress: ip,
  }: WireInstance) => {
    const listed = life === 'spot' ? undefined : priceOf(type)
    return listed === undefined ? null : listed.micros + (ip ? addressMicrosPerHour : 0)
  }
  return [
    ...machines.map((one) => machineRow(one, region, account, listPrice(one))),
    ...volumes
      .filter((volume) => !goesWith(volume, ours))
      .map((one) => volumeRow(one, region, account)),
    ...addresses.Addresses.map((one) => addressRow(one, region, account)),
    ...requests.filter(mayStartMore).map((one) => spotRequestRow(one, region, account)),
  ]
}

/** The disk of a machine of ours comes and goes with it, and is in its billing terms. */
function goesWith({ Attachments: attached }: WireVolume, ours: ReadonlySet<string>): boolean {
  return (attached ?? []).some(
    ({ InstanceId: id, DeleteOnTermination: goes }) => goes === true && id != null && ours.has(id),
  )
}

/** A one-time request that has its machine starts no other, and costs nothing by itself. */
function mayStartMore({ State: state, Type: type }: WireSpotRequest): boolean {
  return state === 'open' || (type === 'persistent' && ['active', 'disabled'].includes(state))
}

async function machinesIn({ api }: AwsParts, region: string, signal: AbortSignal) {
  const found: WireInstance[] = []
  const pages = api.pages(
    instancesSchema,
    region,
    (ec2, token, how) => ec2.describeInstances({ MaxResults: 1_000, ...token }, how),
    signal,
  )
  for await (const { Reservations: reservations } of pages)
    found.push(...reservations.flatMap(({ Instances }) => Instances))
  return found.filter(({ State: { Name } }) => Name !== 'terminated')
}

async function volumesIn({ api }: AwsParts, region: string, signal: AbortSignal) {
  const found: WireVolume[] = []
  const pages = api.pages(
    volumesSchema,
    region,
    (ec2, token, how) => ec2.describeVolumes({ MaxResults: 1_000, ...token }, how),
    signal,
  )
  for await (const { Volumes: volumes } of pages) found.push(...volumes)
  return found
}

async function spotRequestsIn({ api }: AwsParts, region: string, signal: AbortSignal) {
  const found: WireSpotRequest[] = []
  const pages = api.pages(
    spotRequestsSchema,
    region,
    (ec2, token, how) => ec2.describeSpotInstanceRequests({ MaxResults: 1_000, ...token }, how),
    signal,
  )
  for await (const { SpotInstanceRequests: requests } of pages) found.push(...requests)
  return found
}
