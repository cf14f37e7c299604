import { SubletError } from '../../domain/errors.ts'
import type { LaunchRequest } from '../provider.ts'
import { isCode, isNative } from './errors.ts'
import { machineTagged } from './find-machine.ts'
import { openGroup } from './firewall.ts'
import { newestImage } from './image.ts'
import { addressMicrosPerHour } from './instance.ts'
import { ownAddress } from './own-address.ts'
import type { AwsParts } from './parts.ts'
import { placementsOf, type Placement } from './placement.ts'
import { familyOf, refuseOverQuota, vcpuQuota } from './quotas.ts'
import { runInstances, type LaunchFacts } from './run-instances.ts'
import { spotPrices } from './spot-prices.ts'
import { launchedSchema, type WireInstance } from './wire.ts'

/** A zone to try, and what the machine costs there with its address. */
interface PricedPlacement extends Placement {
  readonly microsPerHour: number
}

export interface Launched {
  readonly machine: WireInstance
  /** Whether the machine answers SSH from every address, as ours is not known. */
  readonly openToAll: boolean
}

/** Asks for a new machine, in one zone after the other while they have none free. */
export async function launchMachine(
  parts: AwsParts,
  request: LaunchRequest,
  signal: AbortSignal,
): Promise<Launched> {
  const { api, context, place, notes } = parts
  const { rentalId, offer } = request
  const { region, machineType, spot, vcpus } = offer
  const family = familyOf(machineType)
  const noted = await notes.read(rentalId)
  const [image, zones, quota, address] = await Promise.all([
    newestImage(api, region, place.imageOwner, signal),
    pricedPlacements(parts, request, noted?.zone, signal),
    vcpuQuota(api, region, { family, spot }, signal),
    ownAddress(place.ownAddressUrl, signal),
  ])
  refuseOverQuota(quota, { machineType, vcpus: vcpus ?? 0, spot }, region)
  // An earlier try may have had its effect there, and only its own token finds that out.
  const ordered = [...zones].sort(
    (a, b) => Number(b.zone === noted?.zone) - Number(a.zone === noted?.zone),
  )
  const [first] = ordered
  if (first === undefined) throw noneFree(request, zones)
  const { homeId } = context
  const group = { region, vpcId: first.vpcId, rentalId, homeId, address }
  const groupId = await openGroup(api, group, signal).catch(unlessKnownLater)
  for (const zone of ordered) {
    const facts = { image, groupId, homeId, address, microsPerHour: zone.microsPerHour }
    const machine = await tryZone(parts, request, zone, facts, signal)
    if (machine !== null) return { machine, openToAll: address === null }
  }
  throw noneFree(request, zones)
}

/** Null where the zone has none free. */
async function tryZone(
  { api, notes, context }: AwsParts,
  request: LaunchRequest,
  placement: PricedPlacement,
  { address, ...facts }: LaunchFacts & { readonly address: string | null },
  signal: AbortSignal,
): Promise<WireInstance | null> {
  const { rentalId, offer } = request
  const { zone } = placement
  await notes.write(rentalId, { zone, address })
  try {
    const { Instances: made, OwnerId: owner } = await api.change(
      launchedSchema,
      offer.region,
      (ec2, how) => ec2.runInstances(runInstances(request, placement, facts), how),
      signal,
    )
    if (owner) await notes.write(rentalId, { zone, address, owner })
    return made[0] ?? null
  } catch (thrown) {
    if (isNative(thrown, 'IdempotentParameterMismatch')) {
      return launchedBefore(api, offer.region, rentalId, signal)
    }
    if (!isCode(thrown, 'no-capacity')) return unlessKnownLater(thrown)
    context.log('No capacity in a zone of AWS', { zone, why: thrown.message })
    return null
  }
}

/**
 * A security group is not known everywhere at once (EC2's "eventual consistency"): neither that it
 * is missing nor that it exists without being found is an answer to the launch.
 */
function unlessKnownLater(thrown: unknown): never {
  if (isNative(thrown, 'InvalidGroup.NotFound') || isNative(thrown, 'InvalidGroup.Duplicate')) {
    throw new SubletError(
      'unavailable',
      'AWS does not know everywhere yet the security group that was just made. Sublet asks again.',
      { cause: thrown },
    )
  }
  throw thrown
}

/** The token was used with other words (another user data): the machine exists, and its tag tells. */
async function launchedBefore(
  api: AwsParts['api'],
  region: string,
  rentalId: string,
  signal: AbortSignal,
): Promise<WireInstance> {
  const machine = await machineTagged(api, region, rentalId, signal)
  if (machine !== null) return machine
  throw new SubletError(
    'unavailable',
    `AWS has taken the launch of ${rentalId} before, and does not show its machine yet. Sublet asks again.`,
  )
}

/**
 * Zones at a price within the limit: on demand by name, spot the cheapest first. The zone that was
 * asked for spot before stays at any price: its machine may be there, and the request has its limit.
 */
async function pricedPlacements(
  { api, context, prices }: AwsParts,
  { offer, maxMicrosPerHour }: LaunchRequest,
  notedZone: string | undefined,
  signal: AbortSignal,
): Promise<readonly PricedPlacement[]> {
  const { region, machineType, spot } = offer
  const [placements, priceIn] = await Promise.all([
    placementsOf(api, region, machineType, signal),
    spot
      ? spotPrices(api, context.clock, region, [machineType], signal).then((all) => {
          const byZone = new Map(all.map(({ zone, micros }) => [zone, micros]))
          return (zone: string) => byZone.get(zone)
        })
      : prices.read(api, region, signal).then((priceOf) => () => priceOf(machineType)?.micros),
  ])
  const priced = placements.flatMap((placement) => {
    const price = priceIn(placement.zone)
    return price === undefined
      ? []
      : [{ ...placement, microsPerHour: price + addressMicrosPerHour }]
  })
  const within = priced.filter(
    ({ microsPerHour, zone }) => microsPerHour <= maxMicrosPerHour || (spot && zone === notedZone),
  )
  if (within.length === 0 && priced.length > 0) {
    throw new SubletError(
      'price-moved',
      `AWS's price of ${machineType} in ${region} has risen above the limit since it was read.`,
    )
  }
  return spot ? within.sort((a, b) => a.microsPerHour - b.microsPerHour) : within
}

function noneFree({ offer }: LaunchRequest, zones: readonly Placement[]): SubletError {
  const { machineType, region, spot } = offer
  const where = zones.map(({ zone }) => zone).join(', ')
  return new SubletError(
    'no-capacity',
    `AWS has no ${spot ? 'spot ' : ''}${machineType} free in ${where === '' ? region : where}. Choose another region or type, or try again later.`,
  )
}
