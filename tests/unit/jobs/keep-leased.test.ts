import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SubletError } from '../../../main/domain/errors.ts'
import { beside } from '../../../main/jobs/beside.ts'
import { extend } from '../../../main/jobs/extend.ts'
import { keepLeased } from '../../../main/jobs/keep-leased.ts'
import { leaseMoved } from '../../../main/jobs/lease-moved.ts'
import { LeaseTurn } from '../../../main/jobs/lease-turn.ts'
import type { JobDeps, StepContext } from '../../../main/jobs/steps/context.ts'
import { whenToStop } from '../../../main/jobs/when-to-stop.ts'
import type { Machine } from '../../../main/machine/machine.ts'
import type { Capabilities, ProviderSession } from '../../../main/providers/provider.ts'
import { eventually } from '../../support/eventually.ts'
import { intended } from '../../support/rental-events.ts'
import { jobId, plainSteps, rentalId, runnerRig, type RunnerRig } from '../../support/runner-rig.ts'
import { now } from '../../support/fake-facts.ts'

const hourMs = 3_600_000
const forever = new AbortController().signal

let rig: RunnerRig
let leaving: AbortController
let running: Promise<unknown>
/** What the provider's expiry is, and the latest that it takes. */
let expiresAt: number | null
let cap: number
let asked: number
/** How often the provider fails before it takes an expiry. */
let failures: number
/** Whether the machine has a way to end itself. */
let hook: boolean
let held: StepContext

beforeEach(async () => {
  rig = runnerRig()
  leaving = new AbortController()
  expiresAt = null
  cap = Infinity
  asked = 0
  failures = 0
  hook = false
  const { journal, wake } = rig.deps
  journal.onChange(({ rentals }) => rentals.forEach((id) => wake.notify(id)))
  running = start()
  await eventually(() => journal.job(jobId).state === 'running')
  await eventually(() => journal.rental(rentalId).leasedUntil !== null)
})
afterEach(async () => {
  leaving.abort()
  await running.catch(() => undefined) // Told to leave.
  rig.close()
})

/** A machine whose supervisor takes every lease, at a provider with an expiry. */
function leasing(deps: JobDeps): Pick<JobDeps, 'providers' | 'machines'> {
  const session = {
    expiry: {
      read: async () => expiresAt,
      set: async (_: unknown, at: number) => {
        failures -= 1
        if (failures >= 0) throw new SubletError('unavailable', 'Its API is down.')
        expiresAt = Math.min(at, cap)
      },
    },
  } as unknown as ProviderSession
  const answer = () =>
    [
      'remainingS=10',
      'afterExitS=1',
      'idleS=0',
      'graceS=1',
      'watchdog=yes',
      'watchdogPid=7',
      `hook=${hook ? 'yes' : 'no'}`,
      'ended=',
      'nowS=1',
    ].join('\n')
  const machine = {
    label: 'test',
    home: '/root',
    exec: async () => {
      asked += 1
      return { exitCode: 0, signal: null, stdout: answer(), stderr: '' }
    },
    write: async () => undefined,
  } as unknown as Machine
  return {
    machines: { ...deps.machines, connect: async () => machine },
    providers: {
      ...deps.providers,
      session: async () => session,
      capabilities: () =>
        ({ expiry: true, selfTermination: 'It has no such command.' }) as unknown as Capabilities,
      clientLevel: () => true,
    },
  }
}

async function start(): Promise<void> {
  const { deps } = rig
  const own = leasing(deps)
  const steps = plainSteps([], {
    launch: async (context) => {
      context.appendBoth(
        [{ kind: 'launched', attemptId: 'a1', instanceId: 'i-1' }],
        [
          { kind: 'launch-issued' },
          { kind: 'launched', instanceId: 'i-1', billedFrom: now, gpuIndices: null },
        ],
      )
    },
    run: async (context: StepContext) => {
      const whole = { ...context, ...own }
      held = whole
      const machine = await own.machines.connect(context.rental(), forever)
      const over = new Promise<never>((_resolve, reject) => {
        context.signal.addEventListener('abort', () => reject(new Error('Told to leave.')))
      })
      await beside(
        whole,
        [(side) => keepLeased(whole, machine, new LeaseTurn(), side)],
        forever,
        () => over,
      )
    },
  })
  await rig.run(steps, leaving.signal)
}

describe('the lease of a machine that a job holds', () => {
  it('is put on the machine at take-up and after each move, and is asked for no more often', async () => {
    const { journal } = rig.deps
    const before = journal.rental(rentalId)
    expect(before.leasedUntil).toBe(intended().endBy)
    const askedBefore = asked
    const extended = await extend(rig.deps, { jobId, byMs: hourMs }, forever)
    expect(extended.endBy).toBe(before.endBy + hourMs)
    expect(expiresAt).toBe(extended.endBy)
    expect(extended.verdict?.levels[0]).toMatchObject({ level: 'provider', endsAt: expiresAt })
    expect(journal.rental(rentalId)).toMatchObject({ leasedUntil: extended.endBy })
    expect(journal.job(jobId).ceiling.endBy).toBeGreaterThanOrEqual(extended.endBy)
    // One turn: install looks once, the lease is set once.
    expect(asked - askedBefore).toBeLessThanOrEqual(3)
  })

  it('goes back to what it was where the provider ends it before', async () => {
    const { journal } = rig.deps
    const { endBy } = journal.rental(rentalId)
    const { ceiling, spec } = journal.job(jobId)
    cap = endBy
    const refused = extend(rig.deps, { jobId, byMs: 4 * hourMs }, forever)
    await expect(refused).rejects.toMatchObject({ code: 'unsupported' })
    expect(journal.job(jobId)).toMatchObject({ ceiling, spec })
    expect(journal.job(jobId).warnings.at(-1)).toMatch(/still ends as before/)
    await eventually(() => journal.rental(rentalId).leasedUntil === endBy)
    expect(journal.rental(rentalId).endBy).toBe(endBy)
  })

  it('is not taken for moved while the provider may still end the machine at the old time', async () => {
    const { journal } = rig.deps
    const { endBy } = journal.rental(rentalId)
    failures = 2
    hook = true
    // Nobody knows yet: whether it says so within its patience is no matter here.
    await extend(rig.deps, { jobId, byMs: hourMs }, forever).catch(() => undefined)
    await eventually(() => journal.rental(rentalId).leasedUntil === endBy + hourMs)
    expect(expiresAt).toBe(endBy + hourMs)
  })

  it('ends the job in time for its results while a later end is on paper only', async () => {
    const { journal } = rig.deps
    const { endBy } = journal.rental(rentalId)
    failures = Infinity
    hook = true
    await expect(extend(rig.deps, { jobId, byMs: 4 * hourMs }, forever)).rejects.toMatchObject({
      code: 'unreachable',
    })
    expect(journal.rental(rentalId)).toMatchObject({ endBy: endBy + 4 * hourMs })
    expect(whenToStop(held).at).toBeLessThan(endBy)
  })

  it('says that a budget moved the end again, not that nobody answers', async () => {
    const { journal } = rig.deps
    const { endBy } = journal.rental(rentalId)
    const because = 'The daily budget ($4.00) lasts until then.'
    failures = Infinity
    hook = true
    const extending = extend(rig.deps, { jobId, byMs: 4 * hourMs }, forever)
    journal.append({ rental: rentalId, event: leaseMoved(endBy + hourMs, because) })
    await expect(extending).rejects.toMatchObject({
      code: 'budget',
      message: expect.stringContaining(because),
    })
  })

  it('takes nothing back that was extended before', async () => {
    const { journal } = rig.deps
    const first = await extend(rig.deps, { jobId, byMs: hourMs }, forever)
    cap = first.endBy
    await expect(extend(rig.deps, { jobId, byMs: 4 * hourMs }, forever)).rejects.toThrow(
      /ends this/,
    )
    await eventually(() => journal.rental(rentalId).leasedUntil === first.endBy)
    expect(journal.rental(rentalId).endBy).toBe(first.endBy)
  })

  it('is not moved for a job that is told to stop', async () => {
    rig.deps.journal.append({
      job: jobId,
      event: { kind: 'stop-requested', reason: 'user', discard: false },
    })
    const late = extend(rig.deps, { jobId, byMs: hourMs }, forever)
    await expect(late).rejects.toThrow(/is being stopped already/)
  })
})
