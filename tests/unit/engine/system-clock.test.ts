import { describe, expect, it } from 'vitest'
import { steadyTime } from '../../../main/engine/steady-time.ts'
import { systemClock } from '../../../main/engine/system-clock.ts'

describe('the clock', () => {
  it('is the real one without a setting', () => {
    const clock = systemClock('', { wall: () => 1_790_000_000_123, steady: () => 7 })
    expect(clock.now()).toBe(1_790_000_000_123)
    expect(clock.realMs(500)).toBe(500)
  })

  it('runs faster from its anchor on', () => {
    let passedMs = 0
    const clock = systemClock('60@1000000', { wall: () => 1_000_000, steady: () => passedMs })
    expect(clock.now()).toBe(1_000_000)
    passedMs += 1_000
    expect(clock.now()).toBe(1_060_000)
    expect(clock.realMs(60_000)).toBe(1_000)
  })

  it.each([3_600_000, -3_600_000, -86_400_000])(
    'does not move when the wall clock is set by %i ms, until nothing depends on it',
    (jumpMs) => {
      let [wall, passedMs] = [1_790_000_000_000, 0]
      const clock = systemClock('', { wall: () => wall, steady: () => passedMs })
      wall += jumpMs + 1_000
      passedMs += 1_000
      expect(clock.now()).toBe(1_790_000_001_000)
      clock.followWall()
      expect(clock.now()).toBe(1_790_000_001_000 + jumpMs)
    },
  )

  it('goes on where an earlier engine was, if the clock was set back in between', () => {
    const clock = systemClock('60@0', { wall: () => 1_000, steady: () => 0 })
    clock.notBefore(3_600_000)
    expect(clock.now()).toBe(3_600_000)
    clock.notBefore(1_800_000)
    expect(clock.now()).toBe(3_600_000)
  })

  it('does not tremble with the rounding of its two sources', () => {
    let wall = 1_790_000_000_000
    const clock = systemClock('', { wall: () => wall, steady: () => 0 })
    wall += 12
    clock.followWall()
    expect(clock.now()).toBe(1_790_000_000_000)
  })

  it('sleeps in its own time', async () => {
    const clock = systemClock('3600@1000000')
    const started = performance.now()
    await clock.sleep(3_600_000 / 20)
    const tookMs = performance.now() - started
    expect(tookMs).toBeGreaterThanOrEqual(45)
    expect(tookMs).toBeLessThan(5_000)
  })

  it('wakes at an abort, and refuses when aborted before', async () => {
    const clock = systemClock(undefined)
    const abort = new AbortController()
    const sleeping = clock.sleep(3_600_000, abort.signal)
    abort.abort()
    await expect(sleeping).rejects.toMatchObject({ name: 'AbortError' })
    await expect(clock.sleep(0, abort.signal)).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('ends after its duration even when somebody sets the wall clock back', async () => {
    let wall = 5_000
    const clock = systemClock(undefined, { wall: () => wall, steady: () => performance.now() })
    const sleeping = clock.sleep(20)
    wall = -86_400_000
    await sleeping
  })

  it.each(['fast', '0@1', '2@', '-1@5', '2@x'])('refuses %s', (setting) => {
    expect(() => systemClock(setting)).toThrow(/SPEED@ANCHOR_MS/)
  })
})

describe('steady time', () => {
  it('counts what the computer slept', () => {
    let [awake, up] = [100, 5_000]
    const steady = steadyTime(
      () => awake,
      () => up,
    )
    const before = steady()
    awake += 1_000
    up += 3_601_000
    expect(steady() - before).toBe(3_601_000)
    awake += 50
    up += 50
    expect(steady() - before).toBe(3_601_050)
  })

  it('takes a coarse uptime for no sleep, and never goes back', () => {
    let [awake, up] = [0, 1_000]
    const steady = steadyTime(
      () => awake,
      () => up,
    )
    awake += 2_300
    up += 3_000
    expect(steady()).toBe(2_300)
    awake += 1_000
    up -= 3_000
    expect(steady()).toBe(3_300)
  })
})
