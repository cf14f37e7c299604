/** A host's machine of the fake marketplace, by its own price for one hour and all its GPUs. */
export interface FakeHost {
  readonly machineId: number
  readonly gpu: string
  readonly count: number
  readonly gpuRamMb: number
  readonly base: number
  readonly minBid: number | null
  readonly place: string | null
  readonly change?: Readonly<Record<string, unknown>>
}

const host = (
  machineId: number,
  gpu: string,
  count: number,
  gpuRamMb: number,
  base: number,
  minBid: number | null,
  place: string | null,
  change: FakeHost['change'] = {},
): FakeHost => ({ machineId, gpu, count, gpuRamMb, base, minBid, place, change })

/** Prices and sizes as they were seen in October 2026. */
export const oneHost = host(1001, 'RTX 4090', 1, 24_564, 0.334, 0.160001, 'California, US')

/** The last ones no job should be given. */
export const hosts: readonly FakeHost[] = [
  oneHost,
  host(1001, 'RTX 4090', 2, 24_564, 0.668, 0.320002, 'California, US'),
  host(1002, 'RTX 3090', 1, 24_576, 0.1433, 0.09, 'Quebec, CA'),
  host(1003, 'A100 SXM4', 1, 40_960, 0.47, null, 'Bavaria, DE'),
  host(1004, 'H100 SXM', 8, 81_559, 15.04, 8, ', NL'),
  host(1005, 'RTX 6000Ada', 1, 49_140, 0.53, 0.6, 'Iceland, IS'),
  host(1006, 'Tesla T4', 1, 15_360, 0.15, 0.08, null, { cpu_cores: null, cpu_ram: null }),
  host(1007, 'RTX 5090', 1, 32_607, 0.4, 0.2, 'Tokyo, JP', { verification: 'unverified' }),
  host(1008, 'RTX 5090', 1, 32_607, 0.4, 0.2, 'Tokyo, JP', { direct_port_count: 0 }),
  host(1009, 'RTX 5090', 1, 32_607, 0.4, 0.2, 'Tokyo, JP', { gpu_ram: null }),
  host(1010, 'RX 7900 XTX', 1, 24_560, 0.2, 0.1, 'Tokyo, JP', { gpu_arch: 'amd' }),
]

/** Dollars a GB and month. */
const storageCost = 0.15

/** A host as a row of "search offers", with a disk of this size in the total. */
export function askRow(one: FakeHost, id: number, storageGb: number, nowMs: number) {
  const disk = (storageGb * storageCost) / 720
  return {
    id,
    ask_contract_id: id,
    machine_id: one.machineId,
    host_id: 50_000 + one.machineId,
    gpu_name: one.gpu,
    num_gpus: one.count,
    gpu_ram: one.gpuRamMb,
    gpu_total_ram: one.gpuRamMb * one.count,
    gpu_frac: 0.5,
    gpu_arch: 'nvidia',
    cpu_arch: 'amd64',
    cpu_cores: 64,
    cpu_cores_effective: 16 * one.count,
    cpu_ram: 257_672,
    disk_space: 812.4,
    dph_base: one.base,
    dph_total: one.base + disk,
    min_bid: one.minBid,
    storage_cost: storageCost,
    storage_total_cost: disk,
    inet_up: 812.7,
    inet_down: 1_024.3,
    inet_up_cost: 0.005,
    inet_down_cost: 0.004,
    reliability: 0.9931,
    reliability2: 0.9931,
    verification: 'verified',
    rentable: true,
    rented: false,
    external: null,
    is_bid: false,
    geolocation: one.place,
    duration: 2_600_000.5,
    end_date: nowMs / 1_000 + 2_600_000.5,
    direct_port_count: 42,
    static_ip: true,
    cuda_max_good: 12.8,
    compute_cap: 890,
    driver_version: '570.124.04',
    ...one.change,
  }
}

/** Whether a row has what a search asks for; fields that rows lack are not looked at. */
export function fits(
  row: Readonly<Record<string, unknown>>,
  search: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(search).every(([field, condition]) => {
    if (typeof condition !== 'object' || condition === null || Array.isArray(condition)) return true
    const value = field === 'verified' ? row['verification'] === 'verified' : row[field]
    if (field === 'external' || value === null || value === undefined) return true
    return Object.entries(condition).every(([operator, wanted]) => holds(operator, value, wanted))
  })
}

function holds(operator: string, value: unknown, wanted: unknown): boolean {
  switch (operator) {
    case 'eq':
      return value === wanted
    case 'gt':
      return Number(value) > Number(wanted)
    case 'gte':
      return Number(value) >= Number(wanted)
    case 'lte':
      return Number(value) <= Number(wanted)
    default:
      throw new Error(`The fake does not know the operator ${operator}.`)
  }
}
