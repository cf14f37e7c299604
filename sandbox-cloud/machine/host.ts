import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import type { MachineRecord } from '../records.ts'
import { gpuModels } from '../gpu-models.ts'
import type { DiskAllowance } from '../sftp/files.ts'
import { SshServer } from '../ssh/server.ts'
import type { Network } from '../ssh/link.ts'
import { areaOf, prepareArea, removeArea, terminationRequest } from './area.ts'
import type { Area } from './area.ts'
import { idle } from './gpu-figures.ts'
import { LoadMeter, writeFigures } from './load-meter.ts'
import type { MeteredMachine } from './load-meter.ts'
import { killMachineProcesses } from './processes.ts'
import { machineEnvironment } from './shell.ts'

/** A disk that can be made to fill up. */
class Disk implements DiskAllowance {
  bytesLeft: number | null = null
  take(bytes: number): boolean {
    if (this.bytesLeft === null) return true
    if (this.bytesLeft < bytes) return false
    this.bytesLeft -= bytes
    return true
  }
}

interface Running {
  readonly area: Area
  readonly server: SshServer
  readonly disk: Disk
  readonly groups: Set<number>
  readonly watcher: FSWatcher | null
  readonly metered: MeteredMachine | null
}

/** User data is the first thing on a machine, but it must not keep it from coming up (physical time). */
const userDataLimitMs = 30_000

/** Runs the machines on this computer: folders, SSH servers, processes. Knows nothing of billing. */
export class MachineHost {
  readonly #machinesDir: string
  readonly #shell: string
  readonly #onTerminationRequest: (id: string) => void
  readonly #running = new Map<string, Running>()
  readonly #loadMeter: LoadMeter

  constructor(machinesDir: string, shell: string, onTerminationRequest: (id: string) => void) {
    this.#machinesDir = machinesDir
    this.#shell = shell
    this.#onTerminationRequest = onTerminationRequest
    this.#loadMeter = new LoadMeter(() =>
      [...this.#running.values()].flatMap(({ metered }) => metered ?? []),
    )
    this.#loadMeter.start()
  }

  /** Brings a machine up, or back after a restart of the sandbox. Resolves to its SSH port. */
  async start(record: MachineRecord, firstBoot: boolean): Promise<number> {
    const area = areaOf(this.#machinesDir, record.id)
    prepareArea(area, record)
    const metered =
      record.gpu === null
        ? null
        : { id: record.id, area, model: gpuModels[record.gpu.model], count: record.gpu.count }
    if (metered !== null) writeFigures(metered, idle, Date.now(), [])
    if (firstBoot && record.userData?.startsWith('#!') === true)
      await this.#runUserData(record, area, record.userData)
    const groups = new Set<number>()
    const disk = new Disk()
    const server = new SshServer({
      hostKeyPrivate: record.hostKeyPrivate,
      publicKey: record.publicKey,
      home: area.home,
      disk,
      command: (accepted) => ({
        shell: this.#shell,
        cwd: area.home,
        environment: machineEnvironment(record.id, area, this.#shell, accepted),
        groups,
      }),
    })
    const port = await server.listen(record.port)
    this.#running.set(record.id, {
      area,
      server,
      disk,
      groups,
      watcher: this.#watch(record.id, area),
      metered,
    })
    return port
  }

  /** Cuts the connections, kills every process of the machine and deletes its folders. Repeatable. */
  async stop(id: string): Promise<void> {
    const running = this.#running.get(id)
    this.#running.delete(id)
    running?.watcher?.close()
    running?.server.close()
    await killMachineProcesses(id, running?.groups ?? [])
    removeArea(areaOf(this.#machinesDir, id))
  }

  /** Whether the machine itself has asked to be ended, with its own token. */
  terminationRequested(record: MachineRecord): boolean {
    const path = terminationRequest(areaOf(this.#machinesDir, record.id))
    if (!existsSync(path)) return false
    const granted = readFileSync(path, 'utf8').trim() === record.token
    if (!granted) rmSync(path, { force: true })
    return granted
  }

  network(id: string): Network | null {
    return this.#running.get(id)?.server.network ?? null
  }

  /** Gives a running machine another SSH port; null when it does not run. */
  async moveSsh(id: string): Promise<number | null> {
    return (await this.#running.get(id)?.server.move()) ?? null
  }

  changeHostKey(id: string, privateKey: string): void {
    this.#running.get(id)?.server.changeHostKey(privateKey)
  }

  /** After this many more bytes SFTP writes fail; null: never. */
  limitDisk(id: string, bytesLeft: number | null): void {
    const running = this.#running.get(id)
    if (running !== undefined) running.disk.bytesLeft = bytesLeft
  }

  /** Lets go of everything without touching machines: for the program's own end. */
  close(): void {
    this.#loadMeter.stop()
    for (const { server, watcher } of this.#running.values()) {
      watcher?.close()
      server.close()
    }
  }

  #watch(id: string, area: Area): FSWatcher | null {
    try {
      return watch(area.sys, { persistent: false }, (_event, name) => {
        if (name === 'terminate') this.#onTerminationRequest(id)
      }).on('error', () => undefined)
    } catch {
      // Out of watches: the cloud looks for requests now and then anyway.
      return null
    }
  }

  #runUserData(record: MachineRecord, area: Area, script: string): Promise<void> {
    return new Promise((resolve) => {
      const child = spawn(this.#shell, ['-s'], {
        cwd: area.home,
        env: machineEnvironment(record.id, area, this.#shell),
        detached: true,
        stdio: ['pipe', 'ignore', 'ignore'],
        timeout: userDataLimitMs,
      })
      child.once('error', () => resolve())
      child.once('exit', () => resolve())
      child.stdin.on('error', () => undefined)
      child.stdin.end(script)
    })
  }
}
