import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobFile } from '../../../preload/contract/job-file.ts'
import { eventually } from '../../support/eventually.ts'
import type { MortalEngine } from './mortal-engine.ts'
import type { Stage } from './stage.ts'

type Api = Parameters<Parameters<MortalEngine['ask']>[0]>[0]

const longMs = 60_000

/** One injection on a stage: the jobs that it submits and what the user does with them. */
export class Act {
  readonly stage: Stage
  readonly run: string
  readonly dir: string
  readonly #known: Set<string>
  readonly #knownRentals: ReadonlySet<string>
  readonly jobs: string[] = []

  constructor(
    stage: Stage,
    run: string,
    dir: string,
    known: Set<string>,
    knownRentals: ReadonlySet<string>,
  ) {
    this.stage = stage
    this.run = run
    this.dir = dir
    this.#known = known
    this.#knownRentals = knownRentals
  }

  /** The file to which every start of a job's script appends a line, wherever it runs. */
  get starts(): string {
    return join(this.dir, 'starts')
  }

  /** Exists: the script may end. */
  get gate(): string {
    return join(this.dir, 'gate')
  }

  outputDir(index: number): string {
    return join(this.dir, `out-${index}`)
  }

  /** The rentals of this injection, by name. */
  rentals(): readonly string[] {
    return this.stage.journal.streams('rental').filter((id) => !this.#knownRentals.has(id))
  }

  openGate(): Promise<void> {
    return writeFile(this.gate, '')
  }

  /** Submits a script as a job. A submission that a kill cut short is looked for, then repeated. */
  async submit(script: string, file: Partial<JobFile> = {}): Promise<string> {
    const { journal } = this.stage
    const index = this.jobs.length + 1
    const code = join(this.dir, `code-${index}`)
    await mkdir(code)
    await writeFile(join(code, 'job.sh'), script)
    await writeFile(join(code, 'note.txt'), 'as it was\n')
    const environment = { PATH: process.env['PATH'] ?? '' }
    const wanted: JobFile = {
      script: join(code, 'job.sh'),
      code,
      output: this.outputDir(index),
      provider: 'sandbox',
      gpus: 0,
      keepWarm: '0',
      env: { STARTS: this.starts, GATE: this.gate },
      ...file,
    }
    const job = await this.insist(
      () => journal.streams('job').find((id) => !this.#known.has(id)),
      (api) =>
        api.jobs
          .propose({ file: wanted, baseDir: this.dir, environment })
          .then(({ spec, ceiling }) =>
            api.jobs.submit({ spec, ceiling, acceptsNoLease: false, environment }),
          ),
    )
    this.#known.add(job)
    this.jobs.push(job)
    return job
  }

  /** Stops a job as its user does who has been told that the engine was gone. */
  async stop(job: string, discard = false): Promise<void> {
    await this.insist(
      () => this.has(job, 'stop-requested') || null,
      (api) => api.jobs.stop({ jobId: job, discard }),
    )
  }

  /** Repeats a request that a kill interrupted until its effect stands in the journal. */
  async insist<T>(
    done: () => T | null | undefined,
    ask: (api: Api) => Promise<unknown>,
  ): Promise<NonNullable<T>> {
    const deadline = Date.now() + longMs
    for (;;) {
      try {
        await this.stage.engine.ask(ask)
      } catch (thrown) {
        if (Date.now() > deadline || !isCut(thrown)) throw thrown
      }
      const found = done()
      if (found !== null && found !== undefined) return found
    }
  }

  /** Asks something that changes nothing, of whichever engine answers. */
  async ask<T>(question: (api: Api) => Promise<T>): Promise<T> {
    const deadline = Date.now() + longMs
    for (;;) {
      try {
        return await this.stage.engine.ask(question)
      } catch (thrown) {
        if (Date.now() > deadline || !isCut(thrown)) throw thrown
      }
    }
  }

  has(job: string, kind: string): boolean {
    return this.stage.journal.kinds(job).includes(kind)
  }

  /** Waits for something that the journal or the disk shows. */
  async until(check: () => boolean | Promise<boolean>, what: string): Promise<void> {
    await eventually(
      async () => {
        if (this.stage.engine.failure !== null) throw this.stage.engine.failure
        return await check()
      },
      { timeoutMs: longMs, everyMs: 20, what },
    )
  }

  untilKind(job: string, kind: string): Promise<void> {
    return this.until(() => this.has(job, kind), `${kind} of ${job}`)
  }

  /** The script of this attempt runs and has said so. */
  untilStarted(times = 1): Promise<void> {
    return this.until(() => this.startCount() >= times, 'the script to start')
  }

  /** Every job has ended and every rental has its receipt, as the journal has it. */
  isOver(): boolean {
    return this.jobs.length > 0 && this.stage.journal.open().length === 0
  }

  /** By the sandbox's word, no machine of this injection runs. */
  async allEnded(): Promise<boolean> {
    const names = this.rentals()
    const machines = await this.stage.sandbox.machines()
    return machines.every(({ name, state }) => !names.includes(name) || state === 'ended')
  }

  /** The log of all attempts of a job, as it has come home so far. */
  logOf(job: string): string {
    const { journal, paths } = this.stage
    return journal
      .data(job, 'attempt-started')
      .map(({ attemptId }) => paths.log(job, String(attemptId)))
      .map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : ''))
      .join('')
  }

  startCount(): number {
    return existsSync(this.starts) ? readFileSync(this.starts, 'utf8').split('\n').length - 1 : 0
  }
}

/** A request to an engine that died: nobody knows whether it had its effect. */
function isCut(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'unreachable'
}
