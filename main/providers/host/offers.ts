import type { Offer } from '../../../preload/contract/offer.ts'
import { scaleMicros } from '../../domain/money.ts'
import type { HostGpu, Inventory } from './inventory.ts'

export interface HostFacts {
  readonly accountId: string
  /** Shown as the region: own hosts have no other. */
  readonly name: string
  /** For the machine with all its GPUs. */
  readonly rateMicrosPerHour: number
  readonly maxRentals: number
  readonly fetchedAt: number
}

/** A group of equal GPUs; a rental takes GPUs of one group. */
interface GpuGroup {
  readonly name: string
  readonly vramGiB: number
  readonly free: readonly HostGpu[]
  readonly all: readonly HostGpu[]
}

/**
 * What can be taken of a host: for each kind of GPU every count from 1 to all that are free, at its
 * share of the rate; what is taken shows as not available. A machine without GPU is one offer.
 */
export function hostOffers(inventory: Inventory, host: HostFacts): Offer[] {
  if (inventory.gpus.length === 0) {
    const taken = freeSlots(inventory, host.maxRentals).length === 0
    return [offer(inventory, host, 'cpu', null, taken ? 'none' : 'available')]
  }
  return groups(inventory.gpus).flatMap((group) => {
    const { name, vramGiB } = group
    const counts =
      group.free.length > 0 ? group.free.map((_, index) => index + 1) : [group.all.length]
    return counts.map((count) =>
      offer(
        inventory,
        host,
        machineTypeOf(name, vramGiB, count),
        { name, vendor: 'nvidia', count, vramGiB },
        group.free.length > 0 ? 'available' : 'none',
      ),
    )
  })
}

/** Names that a GPU-less machine's rentals hold, one each. */
export function freeSlots({ held }: Inventory, maxRentals: number): string[] {
  return Array.from({ length: maxRentals }, (_, index) => `slot-${index}`).filter(
    (slot) => !held.has(slot),
  )
}

/** The GPUs that an offer may take, free ones only. */
export function freeGpus(inventory: Inventory, gpu: NonNullable<Offer['gpu']>): HostGpu[] {
  return inventory.gpus.filter(
    ({ name, vramGiB, takenBy }) =>
      takenBy === null && name === gpu.name && vramGiB === gpu.vramGiB,
  )
}

/** The share of the machine's rate that `count` of its GPUs cost, in micro-dollars an hour. */
export function shareOfRate(
  rateMicrosPerHour: number,
  count: number,
  total: number,
): Offer['microsPerHour'] {
  return scaleMicros(rateMicrosPerHour, count, total)
}

function machineTypeOf(name: string, vramGiB: number, count: number): string {
  return `${count}x${name.replaceAll(/\W+/g, '-')}-${Math.round(vramGiB)}`
}

function groups(gpus: readonly HostGpu[]): GpuGroup[] {
  const byKind = Map.groupBy(gpus, ({ name, vramGiB }) => `${name} ${vramGiB}`)
  return [...byKind.values()].flatMap((all) => {
    const [first] = all
    if (first === undefined) return []
    const free = all.filter(({ takenBy }) => takenBy === null)
    return [{ name: first.name, vramGiB: first.vramGiB, free, all }]
  })
}

function offer(
  inventory: Inventory,
  host: HostFacts,
  machineType: string,
  gpu: Offer['gpu'],
  availability: Offer['availability'],
): Offer {
  const total = inventory.gpus.length
  return {
    id: `host:${host.accountId}:${machineType}:${host.name}:od`,
    providerId: 'host',
    accountId: host.accountId,
    machineType,
    region: host.name,
    gpu,
    vcpus: inventory.vcpus,
    memoryGiB: inventory.memoryGiB,
    diskGiB: inventory.freeDiskGiB,
    arch: inventory.arch,
    spot: false,
    microsPerHour: shareOfRate(host.rateMicrosPerHour, gpu?.count ?? 1, Math.max(total, 1)),
    billing: {
      incrementMs: 1000,
      minimumMs: 0,
      startsAt: 'launch',
      diskMicrosPerGibHour: shareOfRate(0, 1, 1),
      egressMicrosPerGib: shareOfRate(0, 1, 1),
    },
    availability,
    expectedBootMs: 0,
    fetchedAt: host.fetchedAt,
    source: 'own',
    simulated: false,
  }
}
