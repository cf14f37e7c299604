import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Machine } from '../../../main/machine/machine.ts'
import { KeptMachine } from '../../../main/providers/host/kept-machine.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

interface Fake {
  readonly machine: Machine
  readonly lose: () => void
  closed: boolean
}

function fake(): Fake {
  const lost = new AbortController()
  const made: Fake = {
    machine: {
      lost: lost.signal,
      close: () => {
        made.closed = true
      },
    } as Machine,
    lose: () => lost.abort(),
    closed: false,
  }
  return made
}

test('one connection serves questions at once and in turn, and closes when none comes', async () => {
  const made: Fake[] = []
  const kept = new KeptMachine(async () => {
    made.push(fake())
    return made.at(-1)?.machine as Machine
  }, 1000)
  const { signal } = new AbortController()
  const seen = await Promise.all([
    kept.use(signal, async (machine) => machine),
    kept.use(signal, async (machine) => machine),
  ])
  expect(new Set(seen).size).toBe(1)
  await vi.advanceTimersByTimeAsync(900)
  await kept.use(signal, async () => undefined)
  await vi.advanceTimersByTimeAsync(900)
  expect(made[0]?.closed).toBe(false)
  await vi.advanceTimersByTimeAsync(200)
  expect(made[0]?.closed).toBe(true)
  await kept.use(signal, async () => undefined)
  made[1]?.lose()
  await kept.use(signal, async () => undefined)
  expect(made).toHaveLength(3)
})

test('a failed connection is tried anew by the next question', async () => {
  let attempts = 0
  const kept = new KeptMachine(async () => {
    attempts += 1
    if (attempts === 1) throw new Error('refused')
    return fake().machine
  }, 1000)
  const { signal } = new AbortController()
  await expect(kept.use(signal, async () => 1)).rejects.toThrow('refused')
  expect(await kept.use(signal, async () => 2)).toBe(2)
})
