import { Journal, type JournalWrite } from '../../main/jobs/journal/journal.ts'
import { Keeper } from '../../main/jobs/keeper.ts'
import { Runner, type StepTable } from '../../main/jobs/runner.ts'
import type { JobDeps, RunStep } from '../../main/jobs/steps/context.ts'
import { stepTable } from '../../main/jobs/steps/table.ts'
import { Wake } from '../../main/jobs/wake.ts'
import type { Database } from '../../main/store/database.ts'
import type { DoubtfulCloud } from './doubtful-cloud.ts'
import { offer } from './fake-facts.ts'
import { eventsOf } from './job-events.ts'
import { unusedDeps } from './runner-rig.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** Where an engine dies: at its n-th append (from 1), with or without having written it. */
export interface Death {
  readonly atAppend: number
  readonly written: boolean
}

export interface MortalJobsOptions {
  readonly database: Database
  readonly clock: VirtualClock
  readonly cloud: DoubtfulCloud
  readonly jobId: string
  readonly death: Death | null
  /** Called after each append, for what must always hold. */
  readonly onAppend: (journal: Journal) => void
}

/**
 * What an engine is to one job, in memory: journal, keeper, runner, and the real steps that choose,
 * launch, boot and release. What needs a machine ends well at once. Dies by plan, and then neither
 * writes nor hears anything any more.
 */
export class MortalJobs {
  readonly journal: Journal
  readonly #leaving = new AbortController()
  #dead = false

  constructor({ database, clock, cloud, jobId, death, onAppend }: MortalJobsOptions) {
    const die = (): never => {
      this.#dead = true
      this.#leaving.abort(new Error('The engine died.'))
      throw new Error('The engine died.')
    }
    this.journal = new DyingJournal(database, clock, death, () => this.#dead, die)
    const wake = new Wake(clock)
    this.journal.onChange(({ jobs, rentals }) => {
      for (const id of [...jobs, ...rentals]) wake.notify(id)
      onAppend(this.journal)
    })
    const session = cloud.session(() => this.#dead)
    const idle = unusedDeps(clock, this.journal, wake, '/nowhere')
    const deps: JobDeps = {
      ...idle,
      providers: {
        ...idle.providers,
        session: async () => session,
        capabilities: () => cloud.capabilities,
        clientLevel: () => true,
        offers: async () => ({ offers, sources: [] }),
      },
      machines: {
        ...idle.machines,
        publicKey: async () => 'ssh-ed25519 AAAA',
        drop: () => undefined,
        forget: async () => undefined,
      },
      books: { settle: () => undefined, costMicros: () => 0 },
    }
    new Keeper(deps).start(this.#leaving.signal)
    new Runner(deps, steps, jobId, null).run(this.#leaving.signal).catch((thrown: unknown) => {
      if (!this.#dead) throw thrown
    })
  }

  get isDead(): boolean {
    return this.#dead
  }

  leave(): void {
    this.#dead = true
    this.#leaving.abort(new Error('The engine leaves.'))
  }
}

/** Enough for a job that is refused a few times. */
const offers = Array.from({ length: 12 }, (_, index) => ({
  ...offer,
  id: `${offer.id}-${index}`,
  region: `region-${index}`,
}))

const journals =
  (...kinds: readonly string[]): RunStep =>
  async (context) => {
    for (const kind of kinds) {
      const attemptId = kind === 'inputs-frozen' ? '' : context.attempt().id
      context.append(...eventsOf(attemptId).filter((event) => event.kind === kind))
    }
  }

const steps: StepTable = {
  ...stepTable,
  freeze: journals('inputs-frozen'),
  connect: journals('connected'),
  stage: journals('staged', 'started'),
  run: journals('exited'),
  collect: journals('collected'),
}

class DyingJournal extends Journal {
  readonly #death: Death | null
  readonly #isDead: () => boolean
  readonly #die: () => never
  #appends = 0

  constructor(
    database: Database,
    clock: VirtualClock,
    death: Death | null,
    isDead: () => boolean,
    die: () => never,
  ) {
    super(database, clock)
    this.#death = death
    this.#isDead = isDead
    this.#die = die
  }

  override append(...writes: readonly JournalWrite[]): void {
    if (this.#isDead()) throw new Error('The engine is dead.')
    this.#appends += 1
    const dies = this.#death !== null && this.#appends === this.#death.atAppend
    if (dies && !this.#death.written) this.#die()
    super.append(...writes)
    if (dies) this.#die()
  }
}
