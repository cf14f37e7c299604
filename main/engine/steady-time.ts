import { uptime } from 'node:os'

/** Physical milliseconds from some moment on; nobody can set it, and time asleep counts. */
export type SteadyTime = () => number

/** The system's uptime is coarse on some platforms; less than this is no sleep. */
const leastSleepMs = 1_500
const lookEveryMs = 250

/**
 * Node's timers and `performance.now` stand still while a laptop sleeps on most systems, and the
 * uptime does not: where it runs ahead, the computer has slept.
 */
export function steadyTime(
  awakeMs: () => number = () => performance.now(),
  uptimeMs: () => number = () => uptime() * 1_000,
): SteadyTime {
  const aheadAtStart = uptimeMs() - awakeMs()
  let asleepMs = 0
  let lookedAt = awakeMs()
  return () => {
    const awake = awakeMs()
    if (awake - lookedAt >= lookEveryMs) {
      lookedAt = awake
      const ahead = uptimeMs() - awake - aheadAtStart
      if (ahead > asleepMs + leastSleepMs) asleepMs = ahead
    }
    return awake + asleepMs
  }
}
