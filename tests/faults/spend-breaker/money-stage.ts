import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BudgetPeriod } from '../../../preload/contract/budget.ts'
import type { Contract } from '../../../preload/contract/contract.ts'
import type { JobFile } from '../../../preload/contract/job-file.ts'
import type { JobDetail } from '../../../preload/contract/job.ts'
import { micros } from '../../../main/domain/money.ts'
import { connectEngine } from '../../../main/engine/connect.ts'
import { readEngineInfo } from '../../../main/engine/engine-info.ts'
import { homeAt } from '../../../main/engine/home.ts'
import { subletVersion } from '../../../main/engine/version.ts'
import { HomePaths } from '../../../main/jobs/home-paths.ts'
import { readEndpoint } from '../../../main/providers/sandbox/launcher.ts'
import { stopSandbox } from '../../../main/providers/sandbox/status.ts'
import type { Client } from '../../../main/rpc/client/client.ts'
import { readClock } from '../../../sandbox-cloud/clock.ts'
import { eventually } from '../../support/eventually.ts'
import { processesTouching } from '../../support/processes-touching.ts'
import { sandboxControl, type SandboxControl } from '../../support/sandbox.ts'
import { isAlive, signalAll } from '../../support/sshd-processes.ts'
import { readBooks, type Books } from '../books.ts'

type Api = Client<Contract>['api']

const dayMs = 86_400_000
const longMs = 240_000

export interface StageTime {
  /** Hours pass in seconds. */
  readonly speed: number
  /** The time of day, in UTC, at which engine and sandbox begin, in minutes after midnight. */
  readonly startsAtMinute: number
}

/** A home whose engine and practice cloud live faster, from a chosen time of day on. */
export class MoneyStage {
  readonly base: string
  readonly home: string
  readonly sandbox: SandboxControl
  readonly now: () => number
  readonly #clock: string
  readonly #stateDir: string
  #client: Client<Contract> | null = null
  #jobs = 0

  private constructor(base: string, { speed, startsAtMinute }: StageTime) {
    this.base = base
    this.home = join(base, 'home')
    const physical = Date.now()
    const wanted = (Math.floor(physical / dayMs) + 1) * dayMs + startsAtMinute * 60_000
    // Engine time is the anchor plus what has passed since, so many times as fast.
    const anchor = Math.floor((physical * speed - wanted) / (speed - 1))
    this.#clock = `${speed}@${anchor}`
    const clock = readClock(this.#clock)
    this.now = () => clock.now()
    this.#stateDir = new HomePaths(this.home).provider('sandbox')
    this.sandbox = sandboxControl(this.#stateDir, async () => {
      const api = await this.api()
      await api.offers.list({ query: { providerId: 'sandbox' }, environment: {} })
    })
  }

  static async open(time: StageTime): Promise<MoneyStage> {
    const base = await mkdtemp(join(tmpdir(), 'sublet-breaker-'))
    await mkdir(join(base, 'user'))
    return new MoneyStage(base, time)
  }

  /** The engine, started where none runs. */
  async api(): Promise<Api> {
    if (this.#client === null) {
      this.#client = await connectEngine({
        home: this.home,
        clientVersion: subletVersion(),
        role: 'test',
        startIfAbsent: true,
        program: {
          environment: {
            HOME: join(this.base, 'user'),
            TMPDIR: this.base,
            DBUS_SESSION_BUS_ADDRESS: '',
            TZ: 'UTC',
            SUBLET_CLOCK: this.#clock,
          },
        },
      })
    }
    return this.#client.api
  }

  /** Practice money counts towards a budget of its own provider. */
  async budget(period: BudgetPeriod, amount: number): Promise<void> {
    const scope = { kind: 'provider' as const, providerId: 'sandbox' }
    const api = await this.api()
    await api.budgets.set({ scope, period, action: 'stop', micros: micros(amount) })
  }

  /** Hands a script in on the cheapest machine; answers the job's id. */
  async submit(script: string, file: Partial<JobFile> = {}): Promise<string> {
    this.#jobs += 1
    const code = join(this.base, `code-${this.#jobs}`)
    await mkdir(code)
    await writeFile(join(code, 'job.sh'), script)
    await writeFile(join(code, 'state.bin'), stateBytes)
    const environment = { PATH: process.env['PATH'] ?? '' }
    const api = await this.api()
    const { spec, ceiling } = await api.jobs.propose({
      file: {
        script: join(code, 'job.sh'),
        code,
        output: join(this.base, `out-${this.#jobs}`),
        provider: 'sandbox',
        machineType: 'cpu-2',
        gpus: 0,
        keepWarm: '0',
        grace: '1m',
        afterExit: '12m',
        ...file,
      },
      baseDir: this.base,
      environment,
    })
    return (await api.jobs.submit({ spec, ceiling, acceptsNoLease: false, environment })).jobId
  }

  async show(jobId: string): Promise<JobDetail> {
    const api = await this.api()
    return await api.jobs.show({ jobId })
  }

  async untilRuns(jobId: string): Promise<JobDetail> {
    await this.until(async () => {
      const { summary } = await this.show(jobId)
      if (summary.endedAt !== null) throw new Error(`It ended: ${JSON.stringify(summary.error)}`)
      return summary.state === 'running'
    }, `${jobId} to run`)
    return await this.show(jobId)
  }

  /** Until it has ended and every machine of it has its receipt. */
  async untilSettled(jobId: string): Promise<JobDetail> {
    await this.until(async () => {
      const { summary } = await this.show(jobId)
      return summary.endedAt !== null && summary.settled
    }, `${jobId} to end`)
    return await this.show(jobId)
  }

  async until(check: () => boolean | Promise<boolean>, what: string): Promise<void> {
    await eventually(check, { timeoutMs: longMs, everyMs: 200, what })
  }

  /** SIGKILL to the engine; nobody starts another one until `api` is asked again. */
  async killEngine(): Promise<void> {
    const pid = readEngineInfo(homeAt(this.home))?.pid ?? null
    this.#client?.close()
    this.#client = null
    if (pid === null) return
    signalAll([pid], 'SIGKILL')
    await eventually(() => !isAlive(pid), { timeoutMs: 20_000, what: 'the engine to end' })
  }

  /** What the sandbox's own meter says, by day of UTC and in all, in micro-dollars. */
  async bill(): Promise<{ readonly total: number; readonly days: readonly number[] }> {
    const days = new Map<number, number>()
    let total = 0
    for (const { billing } of await this.sandbox.machines()) {
      const { billedFrom, billedTo, billedMicros } = billing
      total += billedMicros
      if (billedFrom === null || billedTo === null || billedTo <= billedFrom) continue
      for (let at = billedFrom; at < billedTo;) {
        const day = Math.floor(at / dayMs)
        const to = Math.min(billedTo, (day + 1) * dayMs)
        const part = (billedMicros * (to - at)) / (billedTo - billedFrom)
        days.set(day, (days.get(day) ?? 0) + part)
        at = to
      }
    }
    return { total, days: [...days.values()].map(Math.floor) }
  }

  books(): Promise<Books> {
    return readBooks(this.home, this.sandbox)
  }

  /** Whether a file of the job's results is at home and is what the job had. */
  async isHome(index: number, name: string): Promise<boolean> {
    const file = join(this.base, `out-${index}`, name)
    return existsSync(file) && hashOf(await readFile(file)) === hashOf(stateBytes)
  }

  /** Ends engine and sandbox; answers the processes that nobody ended. */
  async close(): Promise<readonly string[]> {
    try {
      const pid = readEngineInfo(homeAt(this.home))?.pid ?? null
      const except = [pid, readEndpoint(this.#stateDir)?.pid]
      await eventually(() => this.#left(except).length === 0, {
        timeoutMs: 15_000,
        everyMs: 200,
      }).catch(() => undefined) // Said below.
      const left = this.#left(except)
      this.#client?.close()
      if (pid !== null && isAlive(pid)) signalAll([pid], 'SIGTERM')
      await stopSandbox(this.#stateDir, { force: true })
      await eventually(() => this.#left([]).length === 0, {
        timeoutMs: 10_000,
        everyMs: 100,
      }).catch(() => undefined) // What stays is ended by force.
      return left
    } finally {
      signalAll(
        processesTouching(this.base).map(({ pid }) => pid),
        'SIGKILL',
      )
      await rm(this.base, { recursive: true, force: true, maxRetries: 5 })
    }
  }

  #left(except: readonly (number | null | undefined)[]): string[] {
    return processesTouching(this.base)
      .filter(({ pid }) => !except.includes(pid))
      .map(({ pid, words }) => `${pid} ${words}`)
  }
}

/** What a job saves as its checkpoint: the same bytes in every run. */
const stateBytes = Buffer.from(
  Array.from({ length: 300_000 }, (_, index) => (index * 31 + (index >> 7)) % 251),
)

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
