import type { Billable, RentalId } from '../../../preload/contract/rental.ts'
import { SubletError } from '../../domain/errors.ts'
import type { ReleaseParts } from '../release-rental.ts'
import type { AwsApi } from './api.ts'
import { isCode, isNative } from './errors.ts'
import { callerIdentity } from './identity.ts'
import { groupsOf } from './firewall.ts'
import { listBillables } from './inventory.ts'
import type { AwsParts } from './parts.ts'
import { anything, terminatedSchema } from './wire.ts'

/** EC2 says only "eventually"; seconds are usual (EC2 API reference, "Eventual consistency"). */
export const visibleWithinMs = 120_000

/** How things are ended here, as far as these regions reach. */
export function releaseParts(
  parts: AwsParts,
  regions: readonly string[],
  signal: AbortSignal,
): ReleaseParts {
  const { account, context } = parts
  return {
    account,
    clock: context.clock,
    name: 'AWS',
    visibleWithinMs,
    pollAfterMs: 5_000,
    listing: `DescribeInstances, DescribeVolumes, DescribeAddresses, DescribeSpotInstanceRequests in ${regions.join(', ')}`,
    list: () => listBillables(parts, regions, signal),
    isEnding: ({ state }) => state === 'shutting-down' || state === 'deleting',
    end: (row) => end(parts, row, signal),
    cleanUp: async ({ rentalId }, note) => {
      await refuseOtherOwner(parts, rentalId, signal)
      for (const region of regions) await removeGroups(parts, region, rentalId, note, signal)
      await parts.notes.forget(rentalId)
      parts.follower.forget(rentalId)
    },
  }
}

/**
 * To keys of another account every machine looks gone: a profile may have been pointed elsewhere
 * since the launch. No receipt then.
 */
async function refuseOtherOwner(
  parts: AwsParts,
  rentalId: RentalId,
  signal: AbortSignal,
): Promise<void> {
  const { owner } = (await parts.notes.read(rentalId)) ?? {}
  if (owner === undefined) return
  const { Account: number } = await callerIdentity(parts, signal)
  if (number === owner) return
  throw new SubletError(
    'auth',
    `The machine was rented by AWS account ${owner}, and the keys are those of ${number}: put the keys of ${owner} back, so that Sublet can see whether it is gone.`,
  )
}

/** Refuses what its machine still holds: asking again and again would not end it. */
export async function endAlone(parts: AwsParts, row: Billable, signal: AbortSignal) {
  if (row.kind !== 'machine' && row.belongsTo != null) {
    throw new SubletError(
      'conflict',
      `${row.nativeId} in ${row.region} is in use by ${row.belongsTo}: end that machine first.`,
    )
  }
  return end(parts, row, signal)
}

/** They cost nothing, but an account may have only so many. */
async function removeGroups(
  { api }: AwsParts,
  region: string,
  rentalId: string,
  note: (asked: string, answered: string) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const id of await groupsOf(api, region, rentalId, signal)) {
    const asked = `DeleteSecurityGroup ${id} in ${region}`
    try {
      await api.change(
        anything,
        region,
        (ec2, how) => ec2.deleteSecurityGroup({ GroupId: id }, how),
        signal,
      )
      note(asked, 'deleted')
    } catch (thrown) {
      // The network card of an ended machine lingers for some seconds.
      if (isNative(thrown, 'DependencyViolation')) {
        throw new SubletError(
          'unavailable',
          `The security group ${id} in ${region} is still held by the ended machine. Sublet asks again.`,
          { nativeCode: 'DependencyViolation', cause: thrown },
        )
      }
      note(asked, goneAlready(thrown))
    }
  }
}

async function end(parts: AwsParts, row: Billable, signal: AbortSignal) {
  const { nativeId: id, region } = row
  const answer = (asked: string, answered: string) => ({
    asked: `${asked} ${id} in ${region}`,
    answered,
  })
  switch (row.kind) {
    case 'machine':
      return answer('TerminateInstances', await terminate(parts, row, signal))
    case 'disk':
      return answer(
        'DeleteVolume',
        await gone(parts, region, signal, (ec2, how) => ec2.deleteVolume({ VolumeId: id }, how)),
      )
    case 'address':
      return answer(
        'ReleaseAddress',
        await gone(parts, region, signal, (ec2, how) =>
          ec2.releaseAddress({ AllocationId: id }, how),
        ),
      )
    case 'spot-request':
      return answer(
        'CancelSpotInstanceRequests',
        await gone(parts, region, signal, (ec2, how) =>
          ec2.cancelSpotInstanceRequests({ SpotInstanceRequestIds: [id] }, how),
        ),
      )
    case 'other':
      return answer('Nothing is listed as such', 'not asked')
  }
}

async function terminate(
  { api }: AwsParts,
  { nativeId, region }: Billable,
  signal: AbortSignal,
): Promise<string> {
  try {
    const { TerminatingInstances: ending } = await api.change(
      terminatedSchema,
      region,
      (ec2, how) => ec2.terminateInstances({ InstanceIds: [nativeId] }, how),
      signal,
    )
    return ending[0]?.CurrentState?.Name ?? 'accepted'
  } catch (thrown) {
    return goneAlready(thrown)
  }
}

/** Asks for an end that has no answer of its own. What its ending machine holds waits for it. */
async function gone(
  { api }: AwsParts,
  region: string,
  signal: AbortSignal,
  ask: Parameters<AwsApi['change']>[2],
): Promise<string> {
  try {
    await api.change(anything, region, ask, signal)
    return 'deleted'
  } catch (thrown) {
    if (isCode(thrown, 'conflict')) return `not yet: ${thrown.message}`
    return goneAlready(thrown)
  }
}

/** What EC2 says of a thing that it does not know; every other failure stays one. */
function goneAlready(thrown: unknown): string {
  if (isCode(thrown, 'not-found')) return thrown.message
  throw thrown
}
