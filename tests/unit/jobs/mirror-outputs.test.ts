import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mirrorOutputs } from '../../../main/jobs/mirror-outputs.ts'
import type { HomeLink } from '../../../main/jobs/ports.ts'
import type { StepContext } from '../../../main/jobs/steps/context.ts'
import type { Machine } from '../../../main/machine/machine.ts'
import { eventually } from '../../support/eventually.ts'
import { jobId, plainSteps, runnerRig, type RunnerRig } from '../../support/runner-rig.ts'

let rig: RunnerRig
beforeEach(() => {
  rig = runnerRig()
})
afterEach(() => rig.close())

/** A machine that must be left alone. */
const untouched = new Proxy({} as Machine, {
  get: (_none, name) => {
    throw new Error(`The machine was asked for ${String(name)}.`)
  },
})

/** Runs the mirror beside a job until `seen`, with such a line home. */
async function mirrorUntil(
  homeLink: Partial<HomeLink>,
  seen: (context: StepContext) => boolean,
): Promise<void> {
  const run = async (context: StepContext): Promise<void> => {
    const left = new AbortController()
    const never = new AbortController().signal
    const on = { ...context, homeLink: { ...context.homeLink, ...homeLink } }
    const mirrored = mirrorOutputs(on, untouched, never, left.signal).catch(() => undefined) // Left.
    await eventually(() => seen(context))
    left.abort()
    await mirrored
    expect(context.feed.mirrorOf(jobId)).toBeNull()
    context.append({
      kind: 'exited',
      attemptId: context.attempt().id,
      exitCode: 0,
      inSetup: false,
      sentence: 'The job ended',
    })
  }
  await rig.run(plainSteps([], { run }))
}

describe('copies home that must not be', () => {
  it('are off on a metered connection: said in the status, and once in the warnings', async () => {
    let asked = 0
    const metered = async (): Promise<string> => {
      asked += 1
      return 'This connection is set as metered.'
    }
    await mirrorUntil({ metered }, ({ feed }) => {
      const status = feed.mirrorOf(jobId)
      return status?.state === 'off' && /metered/.test(status.because ?? '') && asked > 3
    })
    const { warnings } = rig.deps.journal.job(jobId)
    expect(warnings.filter((one) => one.includes('metered'))).toEqual([
      'This connection is set as metered. So results come home at the end only; a machine that vanishes takes them with it.',
    ])
  })

  it('are off where the user turned them off, without a warning', async () => {
    const mirror = (): ReturnType<HomeLink['mirror']> => ({
      off: true,
      everyMs: 1_000,
      maxBytes: null,
      maxCostMicros: null,
    })
    await mirrorUntil({ mirror }, ({ feed }) => feed.mirrorOf(jobId)?.state === 'off')
    expect(rig.deps.journal.job(jobId).warnings).toEqual([])
  })
})
