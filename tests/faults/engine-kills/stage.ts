import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HomePaths } from '../../../main/jobs/home-paths.ts'
import { readEndpoint } from '../../../main/providers/sandbox/launcher.ts'
import { stopSandbox } from '../../../main/providers/sandbox/status.ts'
import { eventually } from '../../support/eventually.ts'
import { processesTouching } from '../../support/processes-touching.ts'
import { sandboxControl, type SandboxControl } from '../../support/sandbox.ts'
import { signalAll } from '../../support/sshd-processes.ts'
import { Act } from './act.ts'
import { JournalReader } from './journal-reader.ts'
import { strikesOf, traceOf, type KillPlan, type Strike } from './kill-plan.ts'
import { MortalEngine } from './mortal-engine.ts'

/** Engine and sandbox live this many times as fast, so that boots and leases do not take long. */
const speed = 4

/** A temporary home with an engine that is killed by plan, and its practice cloud. */
export class Stage {
  readonly base: string
  readonly home: string
  readonly paths: HomePaths
  readonly sandbox: SandboxControl
  readonly engine: MortalEngine
  readonly journal: JournalReader
  readonly #planFile: string
  #runs = 0

  private constructor(base: string, cache: string) {
    this.base = base
    this.home = join(base, 'home')
    this.#planFile = join(base, 'plan.json')
    this.paths = new HomePaths(this.home)
    const clock = `${speed}@${Date.now()}`
    const own = { HOME: join(base, 'user'), TMPDIR: base, DBUS_SESSION_BUS_ADDRESS: '' }
    this.engine = new MortalEngine({
      home: this.home,
      planFile: this.#planFile,
      environment: { ...own, TZ: 'UTC', SUBLET_CLOCK: clock },
      cache,
    })
    this.journal = new JournalReader(this.home)
    this.sandbox = sandboxControl(this.paths.provider('sandbox'), () => this.#startSandbox())
  }

  /** `cache`: a folder for compiled code that stages may share. */
  static async open(cache: string): Promise<Stage> {
    const base = await mkdtemp(join(tmpdir(), 'sublet-kills-'))
    await mkdir(join(base, 'user'))
    return new Stage(base, cache)
  }

  /** Begins an injection: a folder of its own, and the kills from here on. */
  async begin(strikes: readonly Strike[]): Promise<Act> {
    this.#runs += 1
    const run = `run-${this.#runs}`
    const dir = join(this.base, run)
    await mkdir(join(dir, 'code'), { recursive: true })
    await this.sandbox.clearFaults()
    const known = new Set(this.journal.streams('job'))
    const knownRentals = new Set(this.journal.streams('rental'))
    await writeFile(
      this.#planFile,
      JSON.stringify({ run, strikes: [...strikes] } satisfies KillPlan),
    )
    return new Act(this, run, dir, known, knownRentals)
  }

  /** Labels of the writes that a run committed, in order. */
  trace(run: string): readonly string[] {
    return linesOf(traceOf(this.#planFile), run)
  }

  /** What was struck in a run: `after rental:launched`. */
  struck(run: string): readonly string[] {
    return linesOf(strikesOf(this.#planFile), run)
  }

  /** Ends engine and sandbox; answers the processes that nobody ended. */
  async close(): Promise<readonly string[]> {
    try {
      const except = [this.engine.pid, readEndpoint(this.paths.provider('sandbox'))?.pid]
      const left = processesTouching(this.base).filter(({ pid }) => !except.includes(pid))
      await this.engine.stop()
      this.journal.close()
      await stopSandbox(this.paths.provider('sandbox'), { force: true })
      return left.map(({ pid, words }) => `${pid} ${words}`)
    } finally {
      await eventually(() => processesTouching(this.base).length === 0, {
        timeoutMs: 5_000,
        everyMs: 100,
      }).catch(() => undefined) // What stays is ended by force.
      signalAll(
        processesTouching(this.base).map(({ pid }) => pid),
        'SIGKILL',
      )
      await rm(this.base, { recursive: true, force: true, maxRetries: 5 })
    }
  }

  async #startSandbox(): Promise<void> {
    const query = { providerId: 'sandbox' }
    await this.engine.ask((api) => api.offers.list({ query, environment: {} }))
  }
}

function linesOf(file: string, run: string): readonly string[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(`${run} `))
    .map((line) => line.slice(run.length + 1))
}
