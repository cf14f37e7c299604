import type { BillingTerms, Offer, OfferQuery } from '../../../preload/contract/offer.ts'
import { micros } from '../../domain/money.ts'
import { microsOfUsd } from '../../domain/usd.ts'
import { gpuOf } from '../gpu-of.ts'
import type { Account } from '../provider.ts'
import { imageCuda } from './images.ts'
import {
  clouds,
  machineTypeOf,
  readMachineType,
  type Cloud,
  type MachineType,
} from './machine-type.ts'
import type { WireGpu } from './wire.ts'

/**
 * https://docs.runpod.io/pods/pricing, read 2026-11: by the second; $0.10 a GB and month of container
 * disk while it runs; traffic is free. Whether the pull of the image is billed is not said, so it
 * counts; so do the dearest readings of GB (10^9 bytes) and month (720 hours): $0.000150 a GiB-hour.
 */
const billing: BillingTerms = {
  incrementMs: 1_000,
  minimumMs: 0,
  startsAt: 'launch',
  diskMicrosPerGibHour: micros(150),
  egressMicrosPerGib: micros(0),
}

/** Not documented: RunPod's own image lies on most hosts, others have to be pulled. */
const expectedBootMs = 3 * 60_000

/** The container's disk has the size that is asked for; what the examples of the API ask for. */
const usualDiskGiB = 50

/** A cloud and a number of GPUs: what RunPod tells availability for. */
export type Shape = Pick<MachineType, 'cloud' | 'count'>

/** What is asked about: what the query pins, or both clouds and the usual numbers. */
export function shapesFor({ gpus = 0, machineType = '' }: OfferQuery): readonly Shape[] {
  const pinned = readMachineType(machineType)
  if (pinned !== null) return [pinned]
  const counts = gpus <= 1 ? [1, 2, 4, 8] : [gpus, ...[2, 4, 8].filter((count) => count > gpus)]
  return clouds.flatMap((cloud) => counts.map((count) => ({ cloud, count })))
}

/** What a pod costs, all its GPUs together: the price is of one. */
export function microsPerHour({ price }: WireGpu, { cloud, count }: MachineType) {
  return micros(microsOfUsd(price[cloud]) * count)
}

/** What one type is offered as, by data centre; community hosts are in none. */
export function* offersOf(
  type: WireGpu,
  { cloud, count }: Shape,
  { id: accountId, providerId }: Account,
  { minDiskGiB = 0 }: OfferQuery,
  fetchedAt: number,
): Generator<Offer> {
  const gpu = gpuIn(type, count)
  if (gpu === null || !type[cloud] || count > type.maxCount[cloud]) return
  const machine = { cloud, gpuId: type.id, count }
  const machineType = machineTypeOf(machine)
  for (const { id: region, availability } of placesOf(type, cloud)) {
    yield {
      id: `${providerId}:${accountId}:${machineType}:${region}:od`,
      providerId,
      accountId,
      machineType,
      region,
      gpu,
      // API v2 tells neither.
      vcpus: null,
      memoryGiB: null,
      diskGiB: Math.max(usualDiskGiB, Math.ceil(minDiskGiB)),
      arch: 'x86_64',
      spot: false,
      microsPerHour: microsPerHour(type, machine),
      billing,
      availability: availabilityOf(type, availability),
      expectedBootMs,
      fetchedAt,
      source: 'live',
      simulated: false,
    }
  }
}

function gpuIn({ id, manufacturer, memory }: WireGpu, count: number): Offer['gpu'] {
  const vendor = manufacturer === 'AMD' ? 'amd' : 'nvidia'
  const gpu = gpuOf({ name: id, count, vramGiB: memory, vendor })
  const isTold = manufacturer === 'AMD' || manufacturer === 'NVIDIA'
  return isTold ? gpu : null
}

/**
 * No data centres: none has it, or its hosts are in none. The name of the cloud stands for it then,
 * which tells the two apart wherever regions are shown.
 */
function placesOf({ dataCenters = [], availability = 'NONE' }: WireGpu, cloud: Cloud) {
  const isListed = cloud === 'secure' && dataCenters.length > 0
  return isListed ? dataCenters : [{ id: cloud, availability }]
}

/**
 * Hosts whose driver is too old for our image are not taken at launch; where all free ones may be
 * such, it is not known whether one can be had.
 */
function availabilityOf({ cudaVersions = [] }: WireGpu, level: string): Offer['availability'] {
  if (level === 'NONE') return 'none'
  const fits = cudaVersions.some(({ version, available }) => available && isAtLeast(version))
  return cudaVersions.length === 0 || fits ? 'available' : 'unknown'
}

/** Numerically: 12.11 is above 12.8. */
function isAtLeast(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor = 0, leastMinor = 0] = imageCuda.split('.').map(Number)
  return major > leastMajor || (major === leastMajor && minor >= leastMinor)
}
