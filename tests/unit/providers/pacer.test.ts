import { expect, it } from 'vitest'
import type { Clock } from '../../../main/domain/clock.ts'
import { Pacer } from '../../../main/providers/http/pacer.ts'

const forever = new AbortController().signal

/** A clock that stands still and notes what it was asked to wait. */
function standingClock() {
  const waits: number[] = []
  const state = { now: 1_000_000 }
  const clock: Clock = {
    now: () => state.now,
    sleep: async (ms) => void waits.push(ms),
    realMs: (ms) => ms,
  }
  return { clock, state, waits }
}

it('holds back every one of several that ask at once', async () => {
  const { clock, waits } = standingClock()
  const pacer = new Pacer(clock, { everyMs: 1_000, burst: 1 })
  await Promise.all([1, 2, 3, 4].map(() => pacer.turn(forever)))
  expect(waits).toEqual([1_000, 2_000, 3_000])
})

it('lets a burst go and holds the rest back', async () => {
  const { clock, waits } = standingClock()
  const pacer = new Pacer(clock, { everyMs: 1_000, burst: 3 })
  for (let turn = 1; turn <= 5; turn += 1) await pacer.turn(forever)
  expect(waits).toEqual([1_000, 2_000])
})

it('does not wait for a clock that was set back', async () => {
  const { clock, state, waits } = standingClock()
  const pacer = new Pacer(clock, { everyMs: 1_000, burst: 1 })
  await pacer.turn(forever)
  state.now -= 3_600_000
  await pacer.turn(forever)
  expect(waits).toEqual([])
})
