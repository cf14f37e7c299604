import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../../preload/contract/errors.ts'
import { SubletError } from '../../../main/domain/errors.ts'
import { Runner } from '../../../main/jobs/runner.ts'
import { collect } from '../../../main/jobs/steps/collect.ts'
import { connect } from '../../../main/jobs/steps/connect.ts'
import type { JobDeps, RunStep } from '../../../main/jobs/steps/context.ts'
import { run } from '../../../main/jobs/steps/run.ts'
import { stage } from '../../../main/jobs/steps/stage.ts'
import type { ProviderSession } from '../../../main/providers/provider.ts'
import { jobId, plainSteps, rentalId, runnerRig, type RunnerRig } from '../../support/runner-rig.ts'

let rig: RunnerRig

beforeEach(() => {
  rig = runnerRig()
})
afterEach(() => rig.close())

/** Runs the job with one real step, on a machine that answers no better than with `code`. */
async function runWith(
  step: 'connect' | 'stage' | 'run' | 'collect',
  code: ErrorCode,
  state: 'gone' | 'failed' | 'running',
  isListed = false,
): Promise<string[]> {
  const session = {
    describe: async () => ({ state }),
    list: async function* () {
      if (isListed) yield { kind: 'machine', rentalId, nativeId: 'i-1', name: rentalId }
    },
  } as unknown as ProviderSession
  const deps: JobDeps = {
    ...rig.deps,
    providers: { ...rig.deps.providers, session: async () => session },
    machines: {
      ...rig.deps.machines,
      connect: async () => {
        throw new SubletError(code, 'It does not let us in.')
      },
      drop: () => undefined,
    },
  }
  const calls: string[] = []
  const plain = plainSteps(calls)
  const real: Record<typeof step, RunStep> = { connect, stage, run, collect }
  let chosen = false
  const once: RunStep = async (context) => {
    if (chosen) {
      context.append({ kind: 'gave-up', error: { code: 'no-offer', message: 'None is left.' } })
      return
    }
    chosen = true
    await plain.choose(context)
  }
  const steps = { ...plain, choose: once, [step]: real[step] }
  await new Runner(deps, steps, jobId, {}).run(AbortSignal.timeout(20_000))
  return calls
}

describe('a machine that its provider has taken away', () => {
  it.for([
    ['connect', 'unreachable'],
    ['connect', 'auth'],
    ['connect', 'host-key'],
    ['stage', 'unreachable'],
  ] as const)('at %s (%s) sends the job to the next offer at once', async ([step, code]) => {
    await runWith(step, code, 'gone')
    const { refusals, error } = rig.deps.journal.job(jobId)
    expect(refusals.map((one) => one.error.code)).toEqual(['no-capacity'])
    expect(error?.message).toBe('None is left.')
    expect(rig.deps.journal.rental(rentalId).phase).toBe('releasing')
  })

  it('that is failed, and listed and billed, lets the job run again elsewhere', async () => {
    const began = rig.deps.clock.now()
    await runWith('run', 'unreachable', 'failed', true)
    expect(rig.deps.journal.job(jobId).interruptions).toBe(1)
    expect(rig.deps.clock.now() - began).toBeGreaterThanOrEqual(60_000)
  })

  it.for([
    ['run', 'unreachable'],
    ['run', 'host-key'],
    ['collect', 'unreachable'],
    ['collect', 'host-key'],
  ] as const)('at %s (%s) lets the job run again elsewhere', async ([step, code]) => {
    await runWith(step, code, 'gone')
    const { interruptions, error } = rig.deps.journal.job(jobId)
    expect(interruptions).toBe(1)
    expect(error?.message).toBe('None is left.')
  })
})

describe('a machine that is there, with another host key', () => {
  it.for(['connect', 'run'] as const)('ends the job at %s', async (step) => {
    await runWith(step, 'host-key', 'running')
    expect(rig.deps.journal.job(jobId)).toMatchObject({
      state: 'done',
      interruptions: 0,
      error: { code: 'host-key' },
    })
  })
})
