import type { AwsApi } from './api.ts'
import { isCode } from './errors.ts'
import { rentalTag } from './instance.ts'
import {
  instancesSchema,
  spotRequestsSchema,
  type WireInstance,
  type WireSpotRequest,
} from './wire.ts'

/** The machine of that id in a region; null where EC2 does not know it (yet, or any more). */
export async function machineById(
  api: AwsApi,
  region: string,
  instanceId: string,
  signal: AbortSignal,
): Promise<WireInstance | null> {
  try {
    const { Reservations: found } = await api.read(
      instancesSchema,
      region,
      (ec2, how) => ec2.describeInstances({ InstanceIds: [instanceId] }, how),
      signal,
    )
    return found.flatMap(({ Instances }) => Instances)[0] ?? null
  } catch (thrown) {
    if (isCode(thrown, 'not-found')) return null
    throw thrown
  }
}

/** The machine that carries the rental's tag in a region, rather one that lives; null for none. */
export async function machineTagged(
  api: AwsApi,
  region: string,
  rentalId: string,
  signal: AbortSignal,
): Promise<WireInstance | null> {
  const { Reservations: found } = await api.read(
    instancesSchema,
    region,
    (ec2, how) =>
      ec2.describeInstances({ Filters: [{ Name: `tag:${rentalTag}`, Values: [rentalId] }] }, how),
    signal,
  )
  const machines = found.flatMap(({ Instances }) => Instances)
  return machines.find(({ State: { Name } }) => Name !== 'terminated') ?? machines[0] ?? null
}

/** The spot request that a running machine came from: it says when it is taken back. */
export async function spotRequestOf(
  api: AwsApi,
  region: string,
  machine: WireInstance,
  signal: AbortSignal,
): Promise<WireSpotRequest | null> {
  const { SpotInstanceRequestId: id, State } = machine
  if (!id || State.Name !== 'running') return null
  try {
    const { SpotInstanceRequests: found } = await api.read(
      spotRequestsSchema,
      region,
      (ec2, how) => ec2.describeSpotInstanceRequests({ SpotInstanceRequestIds: [id] }, how),
      signal,
    )
    return found[0] ?? null
  } catch (thrown) {
    if (isCode(thrown, 'not-found')) return null
    throw thrown
  }
}
