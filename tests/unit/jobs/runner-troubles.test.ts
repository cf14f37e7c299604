import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SubletError } from '../../../main/domain/errors.ts'
import type { RunStep } from '../../../main/jobs/steps/context.ts'
import { now } from '../../support/fake-facts.ts'
import { jobId, plainSteps, rentalId, runnerRig, type RunnerRig } from '../../support/runner-rig.ts'

let rig: RunnerRig
let deps: RunnerRig['deps']
let run: RunnerRig['run']
beforeEach(() => {
  rig = runnerRig()
  ;({ deps, run } = rig)
})
afterEach(() => rig.close())

describe('the runner in trouble', () => {
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
})
