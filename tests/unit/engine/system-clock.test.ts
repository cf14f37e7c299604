import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../main/engine/system-clock.ts'

describe('the clock', () => {
  it('is the real one without a setting', () => {
    const clock = systemClock('', () => 1_790_000_000_123)
    expect(clock.now()).toBe(1_790_000_000_123)
    expect(clock.realMs(500)).toBe(500)
  })

  it('runs faster from its anchor on', () => {
    let physical = 1_000_000
    const clock = systemClock('60@1000000', () => physical)
    expect(clock.now()).toBe(1_000_000)
    physical += 1_000
    expect(clock.now()).toBe(1_060_000)
    expect(clock.realMs(60_000)).toBe(1_000)
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
    const clock = systemClock(undefined, () => 5_000)
    await clock.sleep(20)
  })

  it.each(['fast', '0@1', '2@', '-1@5', '2@x'])('refuses %s', (setting) => {
    expect(() => systemClock(setting)).toThrow(/SPEED@ANCHOR_MS/)
  })
})
