import { expect, it } from 'vitest'
import { holdResult } from '../../../main/jobs/hold-result.ts'
import { LeaseTurn } from '../../../main/jobs/lease-turn.ts'
import type { StepContext } from '../../../main/jobs/steps/context.ts'
import type { Machine } from '../../../main/machine/machine.ts'
import { now } from '../../support/fake-facts.ts'
import { steppingClock } from '../../support/stepping-clock.ts'

const lease =
  'remainingS=900\nafterExitS=1\nidleS=0\ngraceS=1\nwatchdog=yes\nwatchdogPid=7\nhook=yes\nended=\nnowS=1\n'

it('tells the watchdog that a result is being fetched, often enough and beside the transfer', async () => {
  const clock = steppingClock(now)
  const afterExitMs = 60_000
  const told: { readonly line: string; readonly at: number }[] = []
  let closed = 0
  const machine = (line: string): Machine =>
    ({
      label: line,
      exec: async () => {
        told.push({ line, at: clock.now() })
        return { exitCode: 0, stdout: lease, stderr: '' }
      },
      another: async () => machine('own'),
      close: () => {
        closed += 1
      },
    }) as unknown as Machine
  const context = {
    clock,
    job: () => ({ spec: { limits: { afterExitMs } } }),
    rental: () => ({ id: 'sublet-x', phase: told.length < 5 ? 'up' : 'releasing' }),
  } as unknown as StepContext

  await holdResult(context, machine('shared'), new LeaseTurn(), new AbortController().signal)

  expect(told.map(({ line }) => line)).toEqual(['shared', 'own', 'own', 'own', 'own'])
  const pauses = told.slice(1).map(({ at }, index) => at - (told[index]?.at ?? 0))
  expect(Math.max(...pauses)).toBeLessThan(afterExitMs / 2)
  expect(closed).toBe(1)
})
