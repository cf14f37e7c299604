import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Contract } from '../../../preload/contract/contract.ts'
import { connectEngine } from '../../../main/engine/connect.ts'
import { readEngineInfo } from '../../../main/engine/engine-info.ts'
import { homeAt } from '../../../main/engine/home.ts'
import { subletVersion } from '../../../main/engine/version.ts'
import { HomePaths } from '../../../main/jobs/home-paths.ts'
import { readEndpoint } from '../../../main/providers/sandbox/launcher.ts'
import { stopSandbox } from '../../../main/providers/sandbox/status.ts'
import type { Client } from '../../../main/rpc/client/client.ts'
import { eventually } from '../../support/eventually.ts'
import { processesTouching } from '../../support/processes-touching.ts'
import { sandboxControl, type SandboxControl } from '../../support/sandbox.ts'
import { isAlive, signalAll } from '../../support/sshd-processes.ts'
import { clockFrom } from './clock-from.ts'
import type { SceneOptions } from './scene-options.ts'
import { startSceneEngine } from './scene-engine.ts'
import { writeDisturbedJob } from './disturbed-job.ts'

const trafficSchema = z.object({
  bytesIn: z.int(),
  bytesOut: z.int(),
  connections: z.int(),
  cuts: z.int(),
})
export type Traffic = z.infer<typeof trafficSchema>

const longMs = 150_000

/** A home with the shipping engine, its practice cloud, and one job whose network is disturbed. */
export class Scene {
  readonly base: string
  readonly home: string
  readonly paths: HomePaths
  readonly sandbox: SandboxControl
  readonly options: SceneOptions
  /** Every sentence that the job showed, each once. */
  readonly sentences = new Set<string>()
  #client: Client<Contract> | null = null
  #jobId = ''
  /** SUBLET_CLOCK of engine and sandbox. */
  readonly clock: string
  #traffic: Traffic = { bytesIn: 0, bytesOut: 0, connections: 0, cuts: 0 }

  private constructor(base: string, options: SceneOptions) {
    this.base = base
    this.options = options
    this.clock = clockFrom(options.speed, options.startAt)
    this.home = join(base, 'home')
    this.paths = new HomePaths(this.home)
    this.sandbox = sandboxControl(this.paths.provider('sandbox'), () => this.#wakeSandbox())
  }

  static async open(options: SceneOptions): Promise<Scene> {
    const base = await mkdtemp(join(tmpdir(), 'sublet-network-'))
    const scene = new Scene(base, options)
    await mkdir(join(base, 'user'))
    startSceneEngine(scene)
    return scene
  }

  /** SIGKILL; `meanwhile`, and then another engine takes the job up. */
  async restartEngine(meanwhile: () => Promise<void>): Promise<void> {
    const pid = this.enginePid()
    this.#client?.close()
    this.#client = null
    signalAll([pid], 'SIGKILL')
    await this.until(() => !isAlive(pid), 'the engine to be dead')
    await meanwhile()
    startSceneEngine(this)
    void this.#listen()
  }

  get jobId(): string {
    return this.#jobId
  }

  get input(): string {
    return join(this.base, 'in')
  }

  get output(): string {
    return join(this.base, 'out')
  }

  /** One line for each time that the job's script was begun, anywhere. */
  get starts(): string {
    return join(this.base, 'starts')
  }

  /** The last that was seen of the machine's network. */
  get traffic(): Traffic {
    return this.#traffic
  }

  get jumpFile(): string {
    return join(this.base, 'clock-jump')
  }

  /** Submits the job: its log tells what it does, and its results are a copy of its data. */
  async submit(): Promise<void> {
    const file = await writeDisturbedJob(this)
    const { api } = await this.client()
    const environment = { PATH: process.env['PATH'] ?? '' }
    const { spec, ceiling } = await api.jobs.propose({
      file,
      baseDir: this.base,
      environment,
    })
    this.#jobId = await api.jobs
      .submit({ spec, ceiling, acceptsNoLease: false, environment })
      .then(({ jobId }) => jobId)
    void this.#listen()
  }

  get gate(): string {
    return join(this.base, 'gate')
  }

  /** The script may end. */
  async openGate(): Promise<void> {
    await writeFile(this.gate, '')
  }

  /** Sets the computer's clock, as the engine sees it, so far from the truth. */
  async jumpClock(ms: number): Promise<void> {
    await writeFile(this.jumpFile, String(ms))
    // The engine looks every 20 ms, and has to be seen to go on with it for a while.
    await this.steps(3)
  }

  /** Waits until the job's log has grown so many times on the machine. */
  async steps(count: number): Promise<void> {
    const wanted = (await this.#waited()) + count
    await this.until(async () => (await this.#waited()) >= wanted, 'the job to go on')
  }

  async #waited(): Promise<number> {
    const ticks = join(this.base, 'ticks')
    return existsSync(ticks) ? (await readFile(ticks, 'utf8')).length : 0
  }

  /** Acts on the one machine: `network`, `move`, … */
  async machine(action: string, body: unknown = {}): Promise<void> {
    const [machine] = await this.sandbox.machines()
    if (machine === undefined) throw new Error('No machine was rented yet.')
    await this.sandbox.machine(machine.id, action, body)
  }

  async untilState(...states: readonly string[]): Promise<void> {
    await this.until(async () => states.includes(await this.state()), states.join(' or '))
  }

  async state(): Promise<string> {
    const { api } = await this.client()
    return (await api.jobs.show({ jobId: this.#jobId })).summary.state
  }

  async exitCode(): Promise<number | null> {
    const { api } = await this.client()
    return (await api.jobs.show({ jobId: this.#jobId })).summary.exitCode
  }

  async untilSaid(words: RegExp): Promise<void> {
    await this.until(() => [...this.sentences].some((one) => words.test(one)), String(words))
  }

  /** Until the job runs and has said so. */
  async untilRunning(): Promise<void> {
    await this.until(() => existsSync(this.starts), 'the job to start')
    await this.untilState('running')
  }

  async until(check: () => boolean | Promise<boolean>, what: string): Promise<void> {
    await eventually(check, { timeoutMs: longMs, everyMs: 100, what })
  }

  /** Notes what has gone over the machine's network, while it runs. */
  async watchTraffic(): Promise<void> {
    const [machine] = await this.sandbox.machines()
    if (machine?.state !== 'running') return
    const answer = await this.sandbox.post(`machines/${machine.id}/traffic`, {}).catch(() => null) // It has just gone.
    if (answer !== null) this.#traffic = trafficSchema.parse(answer)
  }

  enginePid(): number {
    const pid = readEngineInfo(homeAt(this.home))?.pid
    if (pid === undefined || !isAlive(pid)) throw new Error('The engine has died.')
    return pid
  }

  async client(): Promise<Client<Contract>> {
    this.#client ??= await eventually(
      () =>
        connectEngine({
          home: this.home,
          clientVersion: subletVersion(),
          role: 'test',
          startIfAbsent: false,
        }),
      { timeoutMs: longMs, what: 'the engine to answer' },
    )
    return this.#client
  }

  /** Ends engine and sandbox; answers the processes that nobody had ended. */
  async close(): Promise<readonly string[]> {
    try {
      const engine = readEngineInfo(homeAt(this.home))?.pid
      const own = [engine, readEndpoint(this.paths.provider('sandbox'))?.pid]
      const left = processesTouching(this.base).filter(({ pid }) => !own.includes(pid))
      this.#client?.close()
      if (engine !== undefined) {
        signalAll([engine], 'SIGTERM')
        await eventually(() => !isAlive(engine), { timeoutMs: 30_000, what: 'the engine to end' })
      }
      await stopSandbox(this.paths.provider('sandbox'), { force: true })
      return left.map(({ pid, words }) => `${pid} ${words}`)
    } finally {
      signalAll(
        processesTouching(this.base).map(({ pid }) => pid),
        'SIGKILL',
      )
      await rm(this.base, { recursive: true, force: true, maxRetries: 5 })
    }
  }

  async #listen(): Promise<void> {
    const { api } = await this.client()
    const stream = await api.jobs.watch({})
    for (const job of stream.snapshot) this.sentences.add(job.progress.sentence)
    try {
      for await (const job of stream.events) this.sentences.add(job.progress.sentence)
    } catch {
      // The scene is over.
    }
  }

  async #wakeSandbox(): Promise<void> {
    const { api } = await this.client()
    await api.offers.list({ query: { providerId: 'sandbox' }, environment: {} })
  }
}
