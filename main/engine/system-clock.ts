import { setTimeout as delay } from 'node:timers/promises'
import { SubletError } from '../domain/errors.ts'
import type { Clock } from '../domain/clock.ts'

/** Timers stand still while a laptop sleeps, so a long sleep looks at the wall clock this often. */
const maxNapMs = 30_000

/**
 * The process' clock. `setting` is SUBLET_CLOCK, "SPEED@ANCHOR_MS": engine time stands at the
 * anchor when physical time does, and runs SPEED times as fast from there. Empty means real time.
 */
export function systemClock(
  setting: string | undefined,
  physicalNow: () => number = Date.now,
): Clock {
  const { speed, anchorMs } = parseSetting(setting)
  const now = () => Math.round(anchorMs + (physicalNow() - anchorMs) * speed)
  return {
    now,
    realMs: (durationMs) => durationMs / speed,
    sleep: async (durationMs, signal) => {
      const started = performance.now()
      const endsAt = now() + durationMs
      let leftMs = durationMs
      do {
        const waitMs = Math.min(Math.max(leftMs, 0) / speed, maxNapMs)
        await delay(waitMs, undefined, signal === undefined ? {} : { signal })
        // Whichever clock is ahead counts: the wall clock after a suspend, the monotonic one when
        // somebody set the wall clock back.
        const sleptMs = (performance.now() - started) * speed
        leftMs = Math.min(endsAt - now(), durationMs - sleptMs)
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
