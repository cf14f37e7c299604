import { expect, it } from 'vitest'
import type { JobEvent } from '../../../main/domain/job/events.ts'
import { silentLogger } from '../../../main/domain/logger.ts'
import type { RentalEvent } from '../../../main/domain/rental/events.ts'
import { beginRental } from '../../../main/domain/rental/begin.ts'
import { rentalTransition } from '../../../main/domain/rental/record.ts'
import type { StepContext } from '../../../main/jobs/steps/context.ts'
import { release } from '../../../main/jobs/steps/release.ts'
import type { Machine } from '../../../main/machine/machine.ts'
import { now } from '../../support/fake-facts.ts'
import { hourMs, verdict } from '../../support/money-rig.ts'
import { intended } from '../../support/rental-events.ts'
import { rentalId } from '../../support/runner-rig.ts'
import { steppingClock } from '../../support/stepping-clock.ts'

/** A job has ended and its machine is to be kept for two hours; where its end is moved meanwhile. */
async function keptWarm(movedTo: number | null) {
  const clock = steppingClock(now)
  const leaving = new AbortController()
  let rental = beginRental(rentalId, intended(now + 5 * hourMs), now)
  const take = (event: RentalEvent): void => {
    rental = rentalTransition(rental, event, clock.now())
  }
  take({ kind: 'launch-issued' })
  take({ kind: 'launched', instanceId: 'i-1', billedFrom: now, gpuIndices: null })
  take({ kind: 'leased', verdict, endBy: rental.endBy })
  const attempt = { id: 'a1', startedAt: now, exitedAt: now, collectedAt: now, exitCode: 0 }
  const machine = {
    label: 'test',
    exec: async (command: string) => {
      if (command.includes(' lease-set ') && movedTo !== null) {
        take({ kind: 'lease-moved', endBy: movedTo, because: 'A budget lasts until then.' })
      }
      return {
        exitCode: 0,
        stderr: '',
        stdout:
          'remainingS=7200\nafterExitS=1\nidleS=0\ngraceS=1\nwatchdog=yes\nwatchdogPid=7\nhook=yes\nended=\nnowS=1\nbefore=supervisor\n',
      }
    },
  } as unknown as Machine
  const context = {
    clock,
    log: silentLogger,
    signal: leaving.signal,
    progress: () => undefined,
    rental: () => rental,
    attempt: () => attempt,
    job: () => ({
      spec: { limits: { keepWarmMs: 2 * hourMs, keepWarmChosen: true } },
      attempts: [attempt],
      acceptsNoLease: false,
      stop: null,
      error: null,
    }),
    machines: { connect: async () => machine },
    providers: {
      session: async () => ({ selfTerminateCommand: () => 'poweroff' }),
      capabilities: () => ({ expiry: 'It has none.', selfTermination: true, userData: true }),
      clientLevel: () => true,
    },
    appendBoth: (_: readonly JobEvent[], events: readonly RentalEvent[]) => events.forEach(take),
  } as unknown as StepContext
  await release(context)
  return rental
}

it('keeps a machine warm as long as its end allows', async () => {
  expect(await keptWarm(null)).toMatchObject({ phase: 'up', endBy: now + 2 * hourMs })
  expect(await keptWarm(now + 3 * hourMs)).toMatchObject({ phase: 'up', endBy: now + 2 * hourMs })
})

it('gives it back where a budget moved its end before that, while it was told', async () => {
  const { phase, endBy } = await keptWarm(now + hourMs)
  expect(phase).toBe('releasing')
  expect(endBy).toBe(now + hourMs)
})
