import { renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GpuModel } from '../gpu-models.ts'
import type { Area } from './area.ts'
import { gpuApps, gpuFigures, idle, temperatures, utilisations } from './gpu-figures.ts'
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
  /** Whether it has ever computed in earnest: then it holds memory on the GPUs until it ends. */
  readonly worked: boolean
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
  /** How warm each GPU of a machine is. */
  readonly #celsius = new Map<string, readonly number[]>()
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
      this.#celsius.clear()
      return
    }
    const loads = this.#measure(now)
    for (const machine of asked) {
      const load = loads.get(machine.id) ?? idle
      const before = this.#celsius.get(machine.id) ?? []
      this.#celsius.set(machine.id, writeFigures(machine, load, now, before))
    }
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
      const cores = before === undefined ? 0 : (stat.ticks - before.ticks) / 100 / seconds
      const worked = before?.worked === true || cores > 0.2
      const { startedAt, ticks } = stat
      next.set(pid, { machineId, startedAt, ticks, worked, reads: reads + 1 })
      if (machineId === null) continue
      const load = loads.get(machineId) ?? { cores: 0, residentMiB: 0, busiest: [] }
      const residentMiB = Math.round((stat.residentPages * 4096) / 1024 / 1024)
      load.cores += cores
      if (worked) {
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

/**
 * Replaces the figures in one step, so that a reader never sees half of them. Answers how warm the
 * GPUs are now, given how warm they were a second ago.
 */
export function writeFigures(
  machine: MeteredMachine,
  load: Load,
  now: number,
  before: readonly number[],
): readonly number[] {
  const { model, count, area } = machine
  const used = utilisations(count, load, now)
  const celsius = temperatures(used, before)
  replace(join(area.sys, 'load'), gpuFigures(model, load, used, celsius))
  replace(join(area.sys, 'apps'), gpuApps(load))
  return celsius
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
