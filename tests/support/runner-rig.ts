import { AcknowledgedByMachine } from '../../main/transfer/acknowledged.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../main/domain/clock.ts'
import { silentLogger } from '../../main/domain/logger.ts'
import { HomePaths } from '../../main/jobs/home-paths.ts'
import { Journal } from '../../main/jobs/journal/journal.ts'
import { LiveFeed } from '../../main/jobs/live-feed.ts'
import { Runner, type StepTable } from '../../main/jobs/runner.ts'
import type { JobDeps, RunStep } from '../../main/jobs/steps/context.ts'
import { Wake } from '../../main/jobs/wake.ts'
import { createRedactor } from '../../main/logging/redactor.ts'
import { openDatabase } from '../../main/store/open.ts'
import { noBudgets } from './no-budgets.ts'
import { now } from './fake-facts.ts'
import { attemptStarted, happyPath, submitted } from './job-events.ts'
import { steppingClock } from './stepping-clock.ts'
import { intended } from './rental-events.ts'

export const jobId = 'job-01k9zzzzzzzzzzzzzzzzzzzzzz'
export const rentalId = 'sublet-01k9zzzzzzzzzzzzzzzzzzzzzz'

/** A submitted job with a journal of its own, and runners that drive it by a test's steps. */
export interface RunnerRig {
  readonly deps: JobDeps
  readonly run: (steps: StepTable, signal?: AbortSignal) => Promise<void>
  /** Call it in the test's clean-up. */
  readonly close: () => void
}

/** Makes one in a temporary folder. */
export function runnerRig(): RunnerRig {
  const folder = mkdtempSync(join(tmpdir(), 'sublet-runner-'))
  const database = openDatabase(join(folder, 'sublet.db'))
  const clock = steppingClock(now)
  const journal = new Journal(database, clock)
  const wake = new Wake(clock)
  journal.onChange(({ jobs }) => jobs.forEach((id) => wake.notify(id)))
  const deps = unusedDeps(clock, journal, wake, folder)
  journal.append({ job: jobId, event: submitted })
  return {
    deps,
    run: (steps, signal = new AbortController().signal) =>
      new Runner(deps, steps, jobId, {}).run(signal),
    close: () => {
      database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What steps may use, with providers and machines that fail the test where it does use them. */
export function unusedDeps(clock: Clock, journal: Journal, wake: Wake, home: string): JobDeps {
  const unused = (): never => {
    throw new Error('The steps of this test do not use it.')
  }
  return {
    clock,
    journal,
    wake,
    providers: {
      session: unused,
      about: unused,
      accountName: (id) => id,
      capabilities: unused,
      clientLevel: unused,
      offers: unused,
    },
    machines: {
      publicKey: unused,
      injectedHostKey: unused,
      renewHostKey: unused,
      connect: unused,
      fingerprint: unused,
      drop: unused,
      forget: unused,
    },
    books: { settle: unused, costMicros: () => 0 },
    room: noBudgets,
    homeLink: {
      mirror: () => ({ off: false, everyMs: 30_000, maxBytes: null, maxCostMicros: null }),
      metered: async () => null,
      speeds: { bytesPerSecond: () => null, learn: async () => undefined },
    },
    secrets: { read: async () => ({}) },
    buckets: { open: async () => null },
    paths: new HomePaths(home),
    feed: new LiveFeed(),
    log: silentLogger,
    redactor: createRedactor(),
    homeId: 'home',
    maxConcurrentJobs: () => 8,
    acknowledged: new AcknowledgedByMachine(),
  }
}

/** Steps that journal the plain way's events, and count how often each was called. */
export function plainSteps(calls: string[], overrides: Partial<StepTable> = {}): StepTable {
  const events = happyPath()
  const journals =
    (name: string, ...kinds: string[]): RunStep =>
    async (context) => {
      calls.push(name)
      for (const kind of kinds) {
        const event = events.find((one) => one.kind === kind)
        if (event !== undefined) context.append(event)
      }
    }
  return {
    freeze: journals('freeze', 'inputs-frozen'),
    choose: async (context) => {
      calls.push('choose')
      context.journal.append(
        {
          rental: rentalId,
          event: intended(),
        },
        { job: jobId, event: attemptStarted('a1') },
      )
    },
    launch: journals('launch', 'launched'),
    boot: journals('boot', 'booted'),
    connect: journals('connect', 'connected'),
    stage: journals('stage', 'staged', 'started'),
    run: journals('run', 'exited'),
    collect: journals('collect', 'collected'),
    release: journals('release', 'release-called'),
    fetch: journals('fetch'),
    abandon: async (context) => {
      calls.push('abandon')
      context.append({ kind: 'gave-up', error: { code: 'cancelled', message: 'Stopped.' } })
    },
    finish: async (context) => {
      calls.push('finish')
      context.append({ kind: 'ended', outcome: 'done' })
    },
    ...overrides,
  }
}
