import { createHash } from 'node:crypto'
import type { GpuModel } from '../gpu-models.ts'

/** What the processes of one machine use, as last measured. */
export interface Load {
  /** Processor cores in use, fractional. */
  readonly cores: number
  readonly residentMiB: number
  readonly busiest: readonly {
    readonly pid: number
    readonly name: string
    readonly residentMiB: number
  }[]
}

export const idle: Load = { cores: 0, residentMiB: 0, busiest: [] }

const driverVersion = '580.95.05'

/** The fixed part of what `nvidia-smi` answers: one line a GPU, fields separated by `|`. */
export function gpuInventory(machineId: string, model: GpuModel, count: number): string {
  const lines = Array.from({ length: count }, (_, index) => {
    const hash = createHash('sha256').update(`${machineId}:${index}`).digest('hex')
    const uuid = `GPU-${hash.slice(0, 8)}-${hash.slice(8, 12)}-${hash.slice(12, 16)}-${hash.slice(16, 20)}-${hash.slice(20, 32)}`
    const bus = `00000000:${(0x10 + index * 8).toString(16).toUpperCase().padStart(2, '0')}:00.0`
    const facts = [
      index,
      model.deviceName,
      uuid,
      model.memoryMiB,
      `${model.powerLimitW}.00`,
      model.computeCapability,
      driverVersion,
      bus,
      model.maxClockMhz,
    ]
    return facts.join('|')
  })
  return `${lines.join('\n')}\n`
}

/** Below this share of a core the machine counts as idle: its own housekeeping is no GPU work. */
const idleCores = 0.05

/** How busy each GPU is, in percent: as the machine's processes are, and no two quite the same. */
export function utilisations(count: number, load: Load, now: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => {
    if (load.cores < idleCores) return 0
    const wave = 3 * Math.sin((now / 1_000) * (0.6 + 0.09 * index) + 1.7 * index)
    return Math.max(1, Math.min(100, Math.round(load.cores * 100 + wave - index)))
  })
}

/** A GPU warms up and cools down over half a minute. */
export function temperatures(
  used: readonly number[],
  before: readonly number[],
): readonly number[] {
  return used.map((utilisation, index) => {
    const restC = 31 + (index % 4)
    const wantedC = restC + utilisation * 0.36
    const beforeC = before[index] ?? restC
    return beforeC + (wantedC - beforeC) * 0.1
  })
}

/** The moving part, one line a GPU: utilisation, memory share, MiB used, °C, watts, MHz. */
export function gpuFigures(
  model: GpuModel,
  load: Load,
  used: readonly number[],
  celsius: readonly number[],
): string {
  const holds = load.busiest.length > 0
  const lines = used.map((utilisation, index) => {
    const usedMiB = holds
      ? Math.min(model.memoryMiB - 200, Math.round(450 + (load.residentMiB * 4) / used.length))
      : 1
    const memoryShare = Math.round(utilisation * 0.6)
    const watts = model.idleW + ((model.powerLimitW - model.idleW) * utilisation * 0.9) / 100
    const clock = utilisation > 0 ? Math.round(model.maxClockMhz * 0.95) : 210
    const warm = Math.round(celsius[index] ?? 31)
    return [utilisation, memoryShare, usedMiB, warm, watts.toFixed(2), clock].join('|')
  })
  return `${lines.join('\n')}\n`
}

/** The processes for `--query-compute-apps`: pid, name, MiB. */
export function gpuApps(load: Load): string {
  return load.busiest.map((app) => `${app.pid}|${app.name}|${450 + app.residentMiB * 4}\n`).join('')
}
