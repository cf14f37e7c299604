import type { BillingTerms, Offer } from '../../../preload/contract/offer.ts'
import type { Account } from '../provider.ts'
import { micros } from '../../domain/money.ts'
import { gpuOf } from '../gpu-of.ts'
import type { WireType } from './wire.ts'

const microsPerCent = 10_000

/** https://docs.lambda.ai/public-cloud/billing/, read 2026-11: by the minute, once it is healthy; traffic is free. */
const billing: BillingTerms = {
  incrementMs: 60_000,
  minimumMs: 0,
  startsAt: 'running',
  diskMicrosPerGibHour: micros(0),
  egressMicrosPerGib: micros(0),
}

/** Users report four to six minutes for an H100. */
const expectedBootMs = 5 * 60_000

/** What a machine costs, all its GPUs together. */
export const microsPerHour = (type: WireType) => micros(type.price_cents_per_hour * microsPerCent)

/** One type in one region that has capacity; null where its GPU cannot be told. */
export function offerOf(
  type: WireType,
  region: string,
  { id: accountId, providerId }: Account,
  fetchedAt: number,
): Offer | null {
  const { gpus, vcpus, memory_gib: memoryGiB, storage_gib: diskGiB } = type.specs
  const gpu = gpus === 0 ? null : gpuIn(type.gpu_description, gpus)
  if (gpus > 0 && gpu === null) return null
  return {
    id: `${providerId}:${accountId}:${type.name}:${region}:od`,
    providerId,
    accountId,
    machineType: type.name,
    region,
    gpu,
    vcpus,
    memoryGiB,
    diskGiB,
    // Grace machines (GH200, GB200 …) have Arm processors; there is no field for it.
    arch: /(^|_)g[hb]\d+(_|$)/.test(type.name) ? 'arm64' : 'x86_64',
    spot: false,
    microsPerHour: microsPerHour(type),
    billing,
    availability: 'available',
    expectedBootMs,
    fetchedAt,
    source: 'live',
    simulated: false,
  }
}

/** `H100 (80 GB SXM5)`, `Tesla V100 (16 GB)`. */
function gpuIn(description: string, count: number): Offer['gpu'] {
  const [, name, size] = /^(.+?) \((\d+) GB/.exec(description) ?? []
  return name === undefined ? null : gpuOf({ name, count, vramGiB: Number(size) })
}
