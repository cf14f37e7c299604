import type { OfferQuery } from '../../../preload/contract/offer.ts'
import { gpuModel } from '../../domain/gpu-catalogue.ts'
import { normaliseGpu } from '../../domain/gpu-names.ts'
import type { HttpApi } from '../http/http-api.ts'
import { gbFor } from './units.ts'
import { asksSchema, wireAskSchema, type WireAsk } from './wire.ts'

/** Conditions of the search: `{ num_gpus: { eq: 1 } }`. */
export type AskFilters = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/**
 * Hosts that a job can be given to: checked by Vast.ai, reachable without its relay (which has one
 * host key for everybody), with a driver for today's images. 0.9 is what dstack asks for too.
 */
const goodHosts: AskFilters = {
  verified: { eq: true },
  rentable: { eq: true },
  rented: { eq: false },
  external: { eq: false },
  gpu_arch: { eq: 'nvidia' },
  direct_port_count: { gte: 1 },
  reliability: { gte: 0.9 },
  inet_down: { gte: 100 },
  cuda_max_good: { gte: 12 },
  duration: { gte: 6 * 3_600 },
}

/** Reported sizes lie up to this far from what is sold. */
const memorySlack = 0.1
const mibPerGib = 1_024

/** What of a query the search can heed by itself; the caller filters again. */
export function filtersFor(query: OfferQuery): AskFilters {
  const { gpuName, minVramGiB, gpus = 0, minDiskGiB, arch, machineType } = query
  const sizes = gpuName === undefined ? [] : (gpuModel(normaliseGpu(gpuName).name)?.vramGiB ?? [])
  const least = Math.max(minVramGiB ?? 0, sizes.length === 0 ? 0 : Math.min(...sizes))
  const most = sizes.length === 0 ? Infinity : Math.max(...sizes)
  const memory = {
    ...(least > 0 ? { gte: Math.floor(least * (1 - memorySlack) * mibPerGib) } : {}),
    ...(most < Infinity ? { lte: Math.ceil(most * (1 + memorySlack) * mibPerGib) } : {}),
  }
  return {
    ...goodHosts,
    cpu_arch: { eq: arch === 'arm64' ? 'arm64' : 'amd64' },
    ...(Object.keys(memory).length === 0 ? {} : { gpu_ram: memory }),
    ...(gpus > 1 ? { num_gpus: { gte: gpus } } : {}),
    ...(minDiskGiB === undefined ? {} : { disk_space: { gte: gbFor(minDiskGiB) } }),
    ...(machineType === undefined ? {} : machineFilters(machineType)),
  }
}

/** How an offer's machine is named: what it has, and which host's machine it is. */
export function machineTypeOf({ gpu_name: gpu, num_gpus: count, machine_id: id }: WireAsk): string {
  const model = gpu.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return `${count}x-${model}-m${id}`
}

function machineFilters(machineType: string): AskFilters {
  const [, count, id] = /^(\d+)x-.*-m(\d+)$/.exec(machineType) ?? []
  // A name of another form is none of ours, and no machine has the number 0.
  return { num_gpus: { eq: Number(count ?? 0) }, machine_id: { eq: Number(id ?? 0) } }
}

const pageRows = 3_000
/** A search that does not name a limit gives so many: fewer than that is everything. */
const fewestCapped = 64
const mostPages = 6

/**
 * Searches with a disk of this size in the price. There is no paging and the limit may be capped
 * without a word, so that it goes on from the dearest row while anything new comes. `type` is left
 * out: its default is on demand, and the description and the official client disagree on its word.
 */
export async function searchAsks(
  api: HttpApi,
  filters: AskFilters,
  diskGiB: number,
  signal: AbortSignal,
): Promise<readonly WireAsk[]> {
  const found = new Map<number, WireAsk>()
  let from: number | null = null
  for (let page = 1; page <= mostPages; page += 1) {
    const body: Record<string, unknown> = {
      ...filters,
      ...(from === null ? {} : { dph_total: { gte: from } }),
      allocated_storage: gbFor(diskGiB),
      order: [
        ['dph_total', 'asc'],
        ['id', 'asc'],
      ],
      limit: pageRows,
    }
    const call = { method: 'POST', path: '/api/v0/bundles/', body } as const
    const { offers } = await api.call(asksSchema, call, signal)
    const before = found.size
    for (const row of offers) {
      const { data: ask } = wireAskSchema.safeParse(row)
      if (ask === undefined) continue
      found.set(ask.id, ask)
      from = Math.max(from ?? 0, ask.dph_total ?? 0)
    }
    if (offers.length < fewestCapped || found.size === before) break
  }
  return [...found.values()].filter(isGood)
}

/** The search's own word is not taken for the conditions that a row shows. */
function isGood(ask: WireAsk): boolean {
  return (
    ask.rentable !== false &&
    (ask.verification ?? 'verified') === 'verified' &&
    (ask.gpu_arch ?? 'nvidia') === 'nvidia' &&
    (ask.direct_port_count ?? 1) >= 1 &&
    (ask.cuda_max_good ?? 12) >= 12 &&
    ask.dph_base > 0
  )
}
