import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { jobId, plainSteps, runnerRig, type RunnerRig } from '../../support/runner-rig.ts'

let rig: RunnerRig
let deps: RunnerRig['deps']
let run: RunnerRig['run']
beforeEach(() => {
  rig = runnerRig()
  ;({ deps, run } = rig)
})
afterEach(() => rig.close())

describe('the runner', () => {
  it('asks the record what comes next until the job has ended', async () => {
    const calls: string[] = []
    await run(plainSteps(calls))
    expect(calls).toEqual(
      'freeze choose launch boot connect stage run collect release finish'.split(' '),
    )
    expect(deps.journal.job(jobId).state).toBe('done')
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
