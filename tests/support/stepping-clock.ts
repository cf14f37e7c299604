import type { Clock } from '../../main/domain/clock.ts'

/** A clock whose sleeps are over at once, having moved the time on by what was slept. */
export function steppingClock(startAt: number): Clock {
  let at = startAt
  return {
    now: () => at,
    sleep: async (durationMs, signal) => {
      signal?.throwIfAborted()
      at += durationMs
      // Other work gets its turn, as it would while a real clock waits.
      await new Promise((resolve) => setImmediate(resolve))
    },
    realMs: (durationMs) => durationMs,
  }
}
