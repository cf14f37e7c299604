import type { Billable } from '../../../preload/contract/rental.ts'
import { rentalIdSchema } from '../../../preload/contract/rental.ts'
import type { Inventory } from './inventory.ts'
import { shareOfRate } from './offers.ts'

/** One sentence for the user: what the host has, and what of it is free. */
export function describeInventory(inventory: Inventory): string {
  const { gpus, vcpus, memoryGiB, freeDiskGiB, warning } = inventory
  const kinds = Map.groupBy(gpus, ({ name, vramGiB }) => `${name} (${vramGiB} GiB)`)
  const parts = [...kinds].map(([kind, all]) => {
    const free = all.filter(({ takenBy }) => takenBy === null).length
    return `${all.length} × ${kind}, ${free} free`
  })
  const machine = `${vcpus} CPUs, ${memoryGiB} GiB memory, ${freeDiskGiB} GiB free disk`
  const sentence = `${parts.length === 0 ? 'No NVIDIA GPU' : parts.join('; ')}; ${machine}.`
  return warning === null ? sentence : `${sentence} ${warning}`
}

/** Everything that is taken on the host, by whichever home; also what a cut-off launch holds. */
export function billablesOf(
  { claims, held, gpus }: Inventory,
  host: { readonly name: string; readonly accountId: string; readonly rateMicrosPerHour: number },
): Billable[] {
  const common = {
    kind: 'machine',
    providerId: 'host',
    accountId: host.accountId,
    region: host.name,
  } as const
  const share = (count: number): Billable['microsPerHour'] =>
    shareOfRate(host.rateMicrosPerHour, count, Math.max(gpus.length, 1))
  const claimed = claims.map(({ rentalId, homeId, gpuIndices, fromS }) => ({
    ...common,
    nativeId: rentalId,
    name: rentalId,
    rentalId,
    homeId: homeId === '' ? null : homeId,
    state: 'running',
    microsPerHour: share(gpus.length === 0 ? 1 : gpuIndices.length),
    createdAt: fromS * 1000,
  }))
  const known = new Set<string>(claims.map(({ rentalId }) => rentalId))
  const halfTaken = [...new Set(held.values())].filter((owner) => !known.has(owner))
  return [
    ...claimed,
    ...halfTaken.map((owner) => ({
      ...common,
      nativeId: owner,
      name: owner,
      rentalId: rentalIdSchema.safeParse(owner).data ?? null,
      homeId: null,
      state: 'launching',
      microsPerHour: share([...held.values()].filter((one) => one === owner).length),
      createdAt: null,
    })),
  ]
}
