import type { BillingTerms, Offer } from '../../../preload/contract/offer.ts'
import { gpuModel } from '../../domain/gpu-catalogue.ts'
import { isNear } from '../../domain/gpu-names.ts'
import { gpuOf } from '../gpu-of.ts'
import type { Account } from '../provider.ts'
import { machineTypeOf } from './asks.ts'
import { bidFor, dollars, gibIn, perGib, perGibHour } from './units.ts'
import type { WireAsk } from './wire.ts'

/** What a machine gets that nobody asked a size for: room for environments and a dataset. */
export const usualDiskGiB = 50
const fewestDiskGiB = 10

/** "1-5 minutes depending on the Docker image size" (docs.vast.ai, hello-world, 2026-08). */
const expectedBootMs = 3 * 60_000

/**
 * docs.vast.ai/guides/reference/billing, 2026-08: the GPU for every second that it runs, storage for
 * every second that the machine exists, stopped too, and every byte in and out. No minimum is named.
 */
function billingOf({ storage_cost: storage, inet_up_cost: out }: WireAsk): BillingTerms {
  return {
    incrementMs: 1_000,
    minimumMs: 0,
    startsAt: 'running',
    diskMicrosPerGibHour: perGibHour(storage),
    egressMicrosPerGib: perGib(out ?? 0),
  }
}

/**
 * A host's ask as offers: on demand, and interruptible for the least bid where it takes bids. None
 * where its GPU cannot be told or its disk is too small.
 */
export function offersOf(
  ask: WireAsk,
  diskGiB: number,
  { id: accountId, providerId }: Account,
  fetchedAt: number,
): readonly Offer[] {
  const gpu = gpuIn(ask)
  const disk = Math.min(diskGiB, gibIn(ask.disk_space))
  if (gpu === null || disk < Math.min(diskGiB, fewestDiskGiB)) return []
  const machineType = machineTypeOf(ask)
  const region = regionOf(ask.geolocation)
  const id = `${providerId}:${accountId}:${machineType}:${region}`
  const reliability = ask.reliability2 ?? ask.reliability
  const offer: Offer = {
    id: `${id}:od`,
    providerId,
    accountId,
    machineType,
    region,
    gpu,
    ...shareOf(ask),
    diskGiB: disk,
    arch: ask.cpu_arch === 'arm64' ? 'arm64' : 'x86_64',
    spot: false,
    microsPerHour: dollars(ask.dph_base),
    billing: billingOf(ask),
    availability: 'available',
    expectedBootMs,
    ...(reliability == null ? {} : { reliability: Math.min(1, Math.max(0, reliability)) }),
    fetchedAt,
    source: 'live',
    simulated: false,
  }
  const bid = bidFor(ask)
  if (bid === null || bid > offer.microsPerHour) return [offer]
  return [offer, { ...offer, id: `${id}:spot`, spot: true, microsPerHour: bid }]
}

/** The cheapest of each id: a machine may ask twice for the same number of GPUs. */
export function eachOnce(offers: Iterable<Offer>): readonly Offer[] {
  const byId = new Map<string, Offer>()
  for (const offer of offers) {
    const known = byId.get(offer.id)
    if (known === undefined || offer.microsPerHour < known.microsPerHour) byId.set(offer.id, offer)
  }
  return [...byId.values()]
}

/** `California, US` as `US-California`. */
export function regionOf(place: string | null | undefined): string {
  const parts = (place ?? '').split(',').map((part) => part.trim().replaceAll(/\s+/g, '-'))
  return parts.filter(Boolean).toReversed().join('-') || 'unknown'
}

const mibPerGib = 1_024

/** Memory is reported a little smaller than it is sold; the sold size is what users ask for. */
function gpuIn({ gpu_name: name, num_gpus: count, gpu_ram: mib }: WireAsk): Offer['gpu'] {
  const reported = mib / mibPerGib
  const gpu = gpuOf({ name, count, vramGiB: reported })
  if (gpu === null) return null
  const sold = gpuModel(gpu.name)?.vramGiB.find((size) => isNear(size, reported))
  return { ...gpu, vramGiB: sold ?? Math.round(reported * 10) / 10 }
}

/** The offer's part of the machine's processors and memory (docs.vast.ai, docker-environment). */
function shareOf(ask: WireAsk): Pick<Offer, 'vcpus' | 'memoryGiB'> {
  const { cpu_cores: cores, cpu_cores_effective: own, cpu_ram: mb } = ask
  const memory = cores && own && mb ? (mb / mibPerGib) * Math.min(1, own / cores) : 0
  return {
    vcpus: own ? Math.max(1, Math.floor(own)) : null,
    memoryGiB: memory > 0 ? Math.round(memory * 10) / 10 : null,
  }
}
