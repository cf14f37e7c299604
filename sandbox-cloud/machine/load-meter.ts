import { renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GpuModel } from '../gpu-models.ts'
import type { Area } from './area.ts'
import { gpuApps, gpuFigures, idle } from './gpu-figures.ts'
import type { Load } from './gpu-figures.ts'
import { machineOfProcess, processIds, processStat } from './processes.ts'

/** A GPU machine whose figures are kept up to date. */
export interface MeteredMachine {
  readonly id: string
  readonly area: Area
  readonly model: GpuModel
  readonly count: number
}

interface Seen {
  readonly machineId: string | null
  readonly startedAt: string
  readonly ticks: number
  /** Rounds in which its environment was read. */
  readonly reads: number
}

/** A process is asked for its mark this often: between fork and exec it still shows its parent's. */
const readsUntilSure = 3

/** After the last question the figures are kept fresh for this long (physical time). */
const freshMs = 10_000

/**
 * Refreshes the GPU figures of all machines together: one look over /proc a second, and none at
 * all while nobody runs `nvidia-smi`.
 */
export class LoadMeter {
  readonly #machines: () => readonly MeteredMachine[]
  #seen = new Map<number, Seen>()
  #lastAt = 0
  #timer: NodeJS.Timeout | null = null

  constructor(machines: () => readonly MeteredMachine[]) {
    this.#machines = machines
  }

  start(): void {
    this.#timer = setInterval(() => this.refresh(Date.now()), 1000)
    this.#timer.unref()
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
  }

  /** Exposed for `start` and tests: one round at a physical time. */
  refresh(now: number): void {
    const asked = this.#machines().filter((machine) => now - askedAt(machine.area) < freshMs)
    if (asked.length === 0) {
      this.#seen.clear()
      return
    }
    const loads = this.#measure(now)
    for (const machine of asked) writeFigures(machine, loads.get(machine.id) ?? idle)
  }

  #measure(now: number): Map<string, Load> {
    const seconds = Math.max(0.2, (now - this.#lastAt) / 1000)
    const next = new Map<number, Seen>()
    const loads = new Map<
      string,
      {
        cores: number
        residentMiB: number
        busiest: { pid: number; name: string; residentMiB: number }[]
      }
    >()
    for (const pid of processIds()) {
      const stat = processStat(pid)
      if (stat === null) continue
      const known = this.#seen.get(pid)
      const before = known?.startedAt === stat.startedAt ? known : undefined
      const reads = before?.reads ?? 0
      const sure = before !== undefined && (before.machineId !== null || reads >= readsUntilSure)
      const machineId = sure ? before.machineId : machineOfProcess(pid)
      next.set(pid, { machineId, startedAt: stat.startedAt, ticks: stat.ticks, reads: reads + 1 })
      if (machineId === null) continue
      const load = loads.get(machineId) ?? { cores: 0, residentMiB: 0, busiest: [] }
      const cores = before === undefined ? 0 : (stat.ticks - before.ticks) / 100 / seconds
      const residentMiB = Math.round((stat.residentPages * 4096) / 1024 / 1024)
      load.cores += cores
      if (cores > 0.2) {
        load.residentMiB += residentMiB
        load.busiest.push({ pid, name: stat.name, residentMiB })
      }
      loads.set(machineId, load)
    }
    this.#seen = next
    this.#lastAt = now
    return loads
  }
}

function askedAt(area: Area): number {
  return statSync(join(area.sys, 'asked'), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

/** Replaces the figures in one step, so that a reader never sees half of them. */
export function writeFigures(machine: MeteredMachine, load: Load): void {
  replace(join(machine.area.sys, 'load'), gpuFigures(machine.model, machine.count, load))
  replace(join(machine.area.sys, 'apps'), gpuApps(load))
}

function replace(path: string, text: string): void {
  try {
    writeFileSync(`${path}.new`, text, { mode: 0o600 })
    renameSync(`${path}.new`, path)
  } catch (error) {
    // The machine is being torn down under us; anything else is worth knowing.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
