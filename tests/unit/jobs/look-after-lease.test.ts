import { expect, it } from 'vitest'
import { SubletError } from '../../../main/domain/errors.ts'
import { silentLogger } from '../../../main/domain/logger.ts'
import { beginRental } from '../../../main/domain/rental/begin.ts'
import { rentalTransition, type RentalRecord } from '../../../main/domain/rental/record.ts'
import type { RentalEvent } from '../../../main/domain/rental/events.ts'
import { stopVerdict } from '../../../main/domain/lease.ts'
import { lookAfterLease } from '../../../main/jobs/look-after-lease.ts'
import { LeaseTurn } from '../../../main/jobs/lease-turn.ts'
import type { StepContext } from '../../../main/jobs/steps/context.ts'
import type { Machine } from '../../../main/machine/machine.ts'
import { now } from '../../support/fake-facts.ts'
import { intended } from '../../support/rental-events.ts'
import { rentalId } from '../../support/runner-rig.ts'
import { steppingClock } from '../../support/stepping-clock.ts'

/** What the machine answers to each look, one after the other; the last one ends the test. */
type Look = 'holds' | 'killed' | 'wiped' | 'moved' | 'cut'

const limits = { graceMs: 30_000, afterExitMs: 7_200_000 }

async function looks(looking: readonly Look[], hookAfterwards = () => true) {
  const clock = steppingClock(now)
  const because = 'It has none.'
  const first = intended()
  const endBy = first.endBy
  const verdict = stopVerdict(
    {
      provider: { kind: 'none', because },
      machine: { kind: 'read', endsAt: endBy },
      client: { kind: 'read', endsAt: endBy },
    },
    endBy,
  )
  let rental: RentalRecord = beginRental(rentalId, first, now)
  const take = (event: RentalEvent): void => {
    rental = rentalTransition(rental, event, clock.now())
  }
  take({ kind: 'launch-issued' })
  take({ kind: 'launched', instanceId: 'i-1', billedFrom: now, gpuIndices: null })
  take({ kind: 'leased', verdict, endBy })
  const leaving = new AbortController()
  const left = [...looking]
  let leases = 0
  const answer = (over: Readonly<Record<string, string | number>>): string =>
    Object.entries({
      remainingS: Math.round((endBy - clock.now()) / 1_000),
      afterExitS: 1,
      idleS: 0,
      graceS: 1,
      watchdog: 'yes',
      watchdogPid: 7,
      hook: 'yes',
      ended: '',
      nowS: 1,
      ...over,
    })
      .map(([key, value]) => `${key}=${value}`)
      .join('\n')
  const ok = (stdout: string) => ({ exitCode: 0, stdout, stderr: '' })
  const machine = {
    label: 'test',
    exec: async (command: string) => {
      if (command.includes(' lease-read ')) {
        const look = left.shift()
        if (look === undefined) leaving.abort()
        if (look === 'cut') throw new SubletError('unreachable', 'Lost it.')
        if (look === 'killed') return ok(answer({ watchdog: 'no', watchdogPid: '' }))
        if (look === 'wiped') return { exitCode: 66, stdout: '', stderr: 'supervisor: no lease' }
        return ok(answer(look === 'moved' ? { remainingS: 99_999_999 } : {}))
      }
      if (command.includes(' lease-set ')) {
        leases += 1
      }
      return ok(answer({ hook: hookAfterwards() ? 'yes' : 'no', before: 'none' }))
    },
  } as unknown as Machine
  const context = {
    clock,
    log: silentLogger,
    signal: leaving.signal,
    rental: () => rental,
    job: () => ({ spec: { limits } }),
    providers: {
      session: async () => ({ selfTerminateCommand: () => 'poweroff' }),
      capabilities: () => ({ expiry: because, selfTermination: true, userData: true }),
      clientLevel: () => true,
    },
    appendBoth: (_: unknown, events: readonly RentalEvent[]) => events.forEach(take),
  } as unknown as StepContext
  const thrown = await lookAfterLease(context, machine, new LeaseTurn(), leaving.signal).catch(
    (error: unknown) => error,
  )
  return { thrown, leases, rental }
}

it('asks no more than needed while the lease holds', async () => {
  const { leases, rental } = await looks(['holds', 'holds', 'holds'])
  expect(leases).toBe(0)
  expect(rental.verdict?.stopsByItself).toBe(true)
})

it.each(['killed', 'wiped', 'moved'] as const)('sets a lease anew that was %s', async (look) => {
  const { leases, rental } = await looks(['holds', look, 'holds'])
  expect(leases).toBe(1)
  expect(rental.verdict?.stopsByItself).toBe(true)
})

it('says NO where the machine cannot end itself any more, and tries on', async () => {
  const never = await looks(['killed', 'killed', 'killed'], () => false)
  expect(never.leases).toBe(3)
  expect(never.rental.verdict?.stopsByItself).toBe(false)
  let tries = 0
  const again = await looks(['killed', 'killed'], () => (tries += 1) > 2)
  expect(again.rental.verdict?.stopsByItself).toBe(true)
})

it('takes a cut for unknown', async () => {
  const { thrown, leases, rental } = await looks(['cut'])
  expect(thrown).toMatchObject({ code: 'unreachable' })
  expect(leases).toBe(0)
  expect(rental.verdict?.stopsByItself).toBe(true)
})
