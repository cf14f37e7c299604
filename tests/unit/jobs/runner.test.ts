import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SubletError } from '../../../main/domain/errors.ts'
import { silentLogger } from '../../../main/domain/logger.ts'
import { HomePaths } from '../../../main/jobs/home-paths.ts'
import { Journal } from '../../../main/jobs/journal/journal.ts'
import { LiveFeed } from '../../../main/jobs/live-feed.ts'
import { Runner, type StepTable } from '../../../main/jobs/runner.ts'
import type { JobDeps, RunStep } from '../../../main/jobs/steps/context.ts'
import { Wake } from '../../../main/jobs/wake.ts'
import { createRedactor } from '../../../main/logging/redactor.ts'
import type { Database } from '../../../main/store/database.ts'
import { openDatabase } from '../../../main/store/open.ts'
import { eventually } from '../../support/eventually.ts'
import { micros, now, offer } from '../../support/fake-facts.ts'
import { attemptStarted, happyPath, submitted } from '../../support/job-events.ts'
import { steppingClock } from '../../support/stepping-clock.ts'

const jobId = 'job-01k9zzzzzzzzzzzzzzzzzzzzzz'
const rentalId = 'sublet-01k9zzzzzzzzzzzzzzzzzzzzzz'

let folder: string
let database: Database
let deps: JobDeps
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sublet-runner-'))
  database = openDatabase(join(folder, 'sublet.db'))
  const clock = steppingClock(now)
  const journal = new Journal(database, clock)
  const wake = new Wake(clock)
  journal.onChange(({ jobs }) => jobs.forEach((id) => wake.notify(id)))
  const unused = (): never => {
    throw new Error('The steps of this test do not use it.')
  }
  deps = {
    clock,
    journal,
    wake,
    providers: {
      session: unused,
      about: unused,
      capabilities: unused,
      clientLevel: unused,
      offers: unused,
    },
    machines: {
      publicKey: unused,
      connect: unused,
      fingerprint: unused,
      drop: unused,
      forget: unused,
    },
    books: { settle: unused, costMicros: () => 0 },
    secrets: { read: async () => ({}) },
    paths: new HomePaths(folder),
    feed: new LiveFeed(),
    log: silentLogger,
    redactor: createRedactor(),
    homeId: 'home',
    maxConcurrentJobs: () => 8,
  }
  journal.append({ job: jobId, event: submitted })
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Steps that journal the plain way's events, and count how often each was called. */
function plainSteps(calls: string[], overrides: Partial<StepTable> = {}): StepTable {
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
          event: {
            kind: 'intended',
            offer,
            accountId: 'sandbox',
            homeId: 'home',
            environment: { kind: 'machine' },
            diskGiB: 1,
            endBy: now + 3_600_000,
            maxMicrosPerHour: micros(1),
            estimateMicros: micros(1),
          },
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

const run = (steps: StepTable, signal = new AbortController().signal): Promise<void> =>
  new Runner(deps, steps, jobId, {}).run(signal)

describe('the runner', () => {
  it('asks the record what comes next until the job has ended', async () => {
    const calls: string[] = []
    await run(plainSteps(calls))
    expect(calls).toEqual(
      'freeze choose launch boot connect stage run collect release finish'.split(' '),
    )
    expect(deps.journal.job(jobId).state).toBe('done')
  })

  it('repeats a step that the network broke, and goes on', async () => {
    const calls: string[] = []
    let failures = 3
    const plain = plainSteps(calls)
    await run({
      ...plain,
      boot: async (context) => {
        failures -= 1
        if (failures >= 0) throw new SubletError('unavailable', 'The provider does not answer.')
        await plain.boot(context)
      },
    })
    expect(failures).toBe(-1)
    expect(deps.journal.job(jobId).state).toBe('done')
  })

  it('goes to the next offer when one refuses, and orders the refused rental to be released', async () => {
    const calls: string[] = []
    const plain = plainSteps(calls)
    let refused = false
    const finished = run({
      ...plain,
      launch: async (context) => {
        if (refused) return plain.launch(context)
        refused = true
        throw new SubletError('no-capacity', 'No machine is free.')
      },
      choose: async (context) => {
        if (!refused) return plain.choose(context)
        expect(context.job().refusals).toHaveLength(1)
        expect(deps.journal.rental(rentalId).phase).toBe('releasing')
        context.append({ kind: 'gave-up', error: { code: 'no-offer', message: 'None is left.' } })
      },
    })
    await finished
    expect(deps.journal.job(jobId).error?.message).toBe('None is left.')
  })

  it('ends a job whose lease was over before it ran, without touching the closed rental', async () => {
    const calls: string[] = []
    await run({
      ...plainSteps(calls),
      boot: async () => {
        const receipt = {
          rentalId,
          providerId: 'sandbox',
          accountId: 'sandbox',
          instanceId: 'i-1',
          confirmedAt: now,
          billedFrom: null,
          billedTo: null,
          billedMicros: null,
          evidence: [{ asked: 'DELETE', answered: 'gone', at: now }],
        }
        if (deps.journal.rental(rentalId).phase !== 'released') {
          deps.journal.append({ rental: rentalId, event: { kind: 'released', receipt } })
        }
        throw new SubletError('no-capacity', 'The machine is gone.')
      },
    })
    expect(deps.journal.job(jobId).error?.message).toContain('given back before the job ran')
    expect(calls).not.toContain('stage')
  })

  it('gives up on what only the user can mend, and gives the machine back', async () => {
    const calls: string[] = []
    await run({
      ...plainSteps(calls),
      stage: async () => {
        throw new SubletError('input-changed', 'data.csv changed.')
      },
    })
    expect(calls).toEqual('freeze choose launch boot connect release finish'.split(' '))
    expect(deps.journal.job(jobId).error?.code).toBe('input-changed')
  })

  it('never gives up collecting: results are paid for', async () => {
    const calls: string[] = []
    let fullDisk = 5
    const plain = plainSteps(calls)
    await run({
      ...plain,
      collect: async (context) => {
        fullDisk -= 1
        if (fullDisk >= 0) throw new SubletError('disk-full', 'This disk is full.')
        await plain.collect(context)
      },
    })
    expect(deps.journal.job(jobId).outputs?.verified).toBe(true)
  })

  it('waits for room when the disk here is full, at any step on a machine', async () => {
    const calls: string[] = []
    const full = new Set(['stage', 'run'])
    const plain = plainSteps(calls)
    const once =
      (name: 'stage' | 'run'): RunStep =>
      async (context) => {
        if (full.delete(name)) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
        await plain[name](context)
      }
    await run({ ...plain, stage: once('stage'), run: once('run') })
    expect(full.size).toBe(0)
    expect(deps.journal.job(jobId)).toMatchObject({ state: 'done', error: null })
  })

  it('collects nothing from a machine that shows another host key', async () => {
    const calls: string[] = []
    await run({
      ...plainSteps(calls),
      collect: async () => {
        throw new SubletError('host-key', 'It shows another key.')
      },
    })
    expect(calls.slice(-2)).toEqual(['release', 'finish'])
    expect(deps.journal.job(jobId)).toMatchObject({ outputs: null, error: { code: 'host-key' } })
  })

  it('interrupts a step that waits when the user stops the job, and abandons the attempt', async () => {
    const calls: string[] = []
    const ended = run({
      ...plainSteps(calls),
      boot: ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
        }),
    })
    await eventually(() => deps.journal.job(jobId).state === 'booting')
    deps.journal.append({
      job: jobId,
      event: { kind: 'stop-requested', reason: 'user', discard: false },
    })
    await ended
    expect(calls).toContain('abandon')
    expect(calls).toContain('release')
  })

  it('lets go at once when the engine leaves, and another runner goes on from the record', async () => {
    const calls: string[] = []
    const leaving = new AbortController()
    const waiting = run(
      {
        ...plainSteps(calls),
        run: ({ signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason as Error))
          }),
      },
      leaving.signal,
    )
    await eventually(() => deps.journal.job(jobId).state === 'running')
    leaving.abort()
    await expect(waiting).rejects.toThrow()
    const again: string[] = []
    await run(plainSteps(again))
    expect(again).toEqual(['run', 'collect', 'release', 'finish'])
  })
})
