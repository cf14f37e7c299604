import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { SubletError } from '../../../main/domain/errors.ts'
import { silentLogger } from '../../../main/domain/logger.ts'
import type { RentalEvent } from '../../../main/domain/rental/events.ts'
import { beginRental } from '../../../main/domain/rental/begin.ts'
import { rentalTransition } from '../../../main/domain/rental/record.ts'
import { beside } from '../../../main/jobs/beside.ts'
import { keepLeased } from '../../../main/jobs/keep-leased.ts'
import { LeaseTurn } from '../../../main/jobs/lease-turn.ts'
import { lookAfterLease } from '../../../main/jobs/look-after-lease.ts'
import type { StepContext } from '../../../main/jobs/steps/context.ts'
import { Wake } from '../../../main/jobs/wake.ts'
import type { Machine } from '../../../main/machine/machine.ts'
import { eventually } from '../../support/eventually.ts'
import { now } from '../../support/fake-facts.ts'
import { hourMs, verdict } from '../../support/money-rig.ts'
import { intended } from '../../support/rental-events.ts'
import { jobId, rentalId } from '../../support/runner-rig.ts'
import { steppingClock } from '../../support/stepping-clock.ts'

const forever = new AbortController().signal
const first = now + 10 * hourMs
/** A set that nobody waits for has every chance to be overtaken in so many turns. */
const turns = 40

interface Play {
  /** Where the end is moved to while the machine is told its first one: each in its own turn. */
  readonly moves: readonly number[]
  /** The connection is cut after that, the machine having heard it. */
  readonly cut?: boolean
  /** The machine has lost its lease at the first look. */
  readonly killed?: boolean
}

/** Where the machine ends when everybody has had their say, beside the journal's end. */
async function play({ moves, cut = false, killed = false }: Play) {
  const clock = steppingClock(now)
  const wake = new Wake(clock)
  let rental = beginRental(rentalId, intended(first), now)
  const take = (event: RentalEvent): void => {
    rental = rentalTransition(rental, event, clock.now())
    wake.notify(jobId)
  }
  take({ kind: 'launch-issued' })
  take({ kind: 'launched', instanceId: 'i-1', billedFrom: now, gpuIndices: null })
  take({ kind: 'leased', verdict, endBy: first })
  const leaving = new AbortController()
  let endsAt = first
  let telling = 0
  let most = 0
  let told = 0
  let looked = 0
  const answer = (watchdog: boolean) => ({
    exitCode: 0,
    stderr: '',
    stdout: `remainingS=${Math.round((endsAt - clock.now()) / 1_000)}\nafterExitS=1\nidleS=0\ngraceS=1\nwatchdog=${watchdog ? 'yes' : 'no'}\nwatchdogPid=7\nhook=yes\nended=\nnowS=1\nbefore=supervisor\n`,
  })
  const machine = {
    label: 'test',
    exec: async (command: string) => {
      if (command.includes(' lease-read ')) {
        looked += 1
        return answer(!killed || looked > 1)
      }
      if (!command.includes(' lease-set ')) return answer(true)
      const at = clock.now() + Number(/endsInS=(\d+)/.exec(command)?.[1]) * 1_000
      told += 1
      telling += 1
      most = Math.max(most, telling)
      const isFirst = told === 1
      if (isFirst) {
        for (const endBy of moves) {
          take({ kind: 'lease-moved', endBy })
          await nextTurn()
        }
        for (let turn = 0; turn < turns; turn += 1) await nextTurn()
      }
      endsAt = at
      telling -= 1
      if (isFirst && cut) throw new SubletError('unreachable', 'The connection was cut.')
      return answer(true)
    },
  } as unknown as Machine
  const context = {
    clock,
    wake,
    jobId,
    log: silentLogger,
    signal: leaving.signal,
    rental: () => rental,
    job: () => ({
      spec: { limits: { graceMs: 30_000, afterExitMs: 7_200_000 } },
      extension: null,
      acceptsNoLease: false,
      stop: null,
    }),
    providers: {
      session: async () => ({ selfTerminateCommand: () => 'poweroff' }),
      capabilities: () => ({ expiry: 'It has none.', selfTermination: true, userData: true }),
      clientLevel: () => true,
    },
    appendBoth: (_: unknown, events: readonly RentalEvent[]) => events.forEach(take),
  } as unknown as StepContext
  const turn = new LeaseTurn()
  const works = [
    (side: AbortSignal) => keepLeased(context, machine, turn, side),
    ...(killed ? [(side: AbortSignal) => lookAfterLease(context, machine, turn, side)] : []),
  ]
  if (!killed) take({ kind: 'lease-moved', endBy: first + hourMs })
  await beside(context, works, forever, async () => {
    // Until the first look, and all that came of it, are over; not until the next one.
    await eventually(() => told > 0)
    for (let round = 0; round < 4 * turns; round += 1) {
      if (killed && looked > 1) break
      await nextTurn()
    }
  })
  return { offMs: Math.abs(endsAt - rental.endBy), most, leasedUntil: rental.leasedUntil }
}

describe('one machine, told its lease from two sides', () => {
  const later = first + 3 * hourMs
  const sooner = first - 3 * hourMs
  const quarterMs = hourMs / 4

  it.each([
    ['a later end', [later]],
    ['a sooner end', [sooner]],
    ['one and then another', [later, sooner]],
  ])('has %s in force after it lost its lease at the same time', async (_, moves) => {
    for (const cut of [false, true]) {
      const { offMs, most } = await play({ moves, killed: true, cut })
      expect(most).toBe(1)
      expect(offMs).toBeLessThan(quarterMs)
    }
  })

  it('is told again what the journal took for told, where it heard another end meanwhile', async () => {
    for (const cut of [false, true]) {
      const { offMs, leasedUntil } = await play({ moves: [first], cut })
      expect(offMs).toBeLessThan(quarterMs)
      expect(leasedUntil).toBe(first)
    }
  })
})
