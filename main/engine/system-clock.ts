import { setTimeout as delay } from 'node:timers/promises'
import { SubletError } from '../domain/errors.ts'
import type { Clock } from '../domain/clock.ts'
import { steadyTime, type SteadyTime } from './steady-time.ts'

/** Timers stand still while a laptop sleeps, so a long sleep looks at the clock this often. */
const maxNapMs = 30_000

/** Smaller differences are the rounding of the two sources. */
const leastJumpMs = 1_000

/** The engine's clock: what runs by it is not moved by whoever sets this computer's clock. */
export interface SystemClock extends Clock {
  /**
   * Takes over this computer's time of day, which may have been set meanwhile. To be called only
   * while nothing is rented and no job is open: leases and meters count by differences.
   */
  followWall(): void
  /**
   * Goes on from `at` (epoch ms) where this computer says that it is earlier: its clock was set back
   * while no engine ran, and what is still open would last longer by as much.
   */
  notBefore(at: number): void
}

/** Where the clock gets its time from; physical milliseconds. */
export interface TimeSources {
  /** Epoch, as this computer believes; may jump. */
  readonly wall: () => number
  /** Since some moment; never jumps, and time asleep counts. */
  readonly steady: SteadyTime
}

const systemSources = (): TimeSources => ({ wall: () => Date.now(), steady: steadyTime() })

/**
 * The process' clock. `setting` is SUBLET_CLOCK, "SPEED@ANCHOR_MS": engine time stands at the
 * anchor when physical time does, and runs SPEED times as fast from there. Empty means real time.
 * The time of day is read once; from then on it goes as fast as time does, even if somebody sets
 * the computer's clock: a lease of two hours stays one of two hours.
 */
export function systemClock(
  setting: string | undefined,
  sources: TimeSources = systemSources(),
): SystemClock {
  const { speed, anchorMs } = parseSetting(setting)
  const { wall, steady } = sources
  let offsetMs = wall() - steady()
  const now = () => Math.round(anchorMs + (offsetMs + steady() - anchorMs) * speed)
  return {
    now,
    followWall: () => {
      const jumpMs = wall() - steady() - offsetMs
      if (Math.abs(jumpMs) >= leastJumpMs) offsetMs += jumpMs
    },
    notBefore: (at) => {
      offsetMs += Math.max(0, at - now()) / speed
    },
    realMs: (durationMs) => durationMs / speed,
    sleep: async (durationMs, signal) => {
      const endsAtMs = steady() + durationMs / speed
      let leftMs = durationMs / speed
      do {
        const waitMs = Math.min(Math.max(leftMs, 0), maxNapMs)
        await delay(waitMs, undefined, signal === undefined ? {} : { signal })
        leftMs = endsAtMs - steady()
      } while (leftMs > 0)
    },
  }
}

function parseSetting(setting: string | undefined): { speed: number; anchorMs: number } {
  if (setting === undefined || setting === '') return { speed: 1, anchorMs: 0 }
  const match = /^(\d+(?:\.\d+)?)@(\d+)$/.exec(setting)
  const [speed, anchorMs] = [Number(match?.[1]), Number(match?.[2])]
  if (match === null || !(speed > 0)) {
    throw new SubletError(
      'invalid',
      `SUBLET_CLOCK is "${setting}"; it must be SPEED@ANCHOR_MS, such as 60@1790000000000, or empty.`,
    )
  }
  return { speed, anchorMs }
}
