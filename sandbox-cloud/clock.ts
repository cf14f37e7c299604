/** The sandbox's time: real time, or faster from an anchor on, so that hours pass in seconds. */
export interface SandboxClock {
  /** Epoch milliseconds on the sandbox's clock. */
  now(): number
  /** Physical milliseconds that a duration on this clock takes. */
  realMs(durationMs: number): number
}

/**
 * Reads `SPEED@ANCHOR_MS` (`60@1795000000000`: sixty times as fast since that real instant).
 * Absent or empty means real time. Throws a sentence on anything else.
 */
export function readClock(
  spec: string | undefined,
  realNow: () => number = Date.now,
): SandboxClock {
  if (spec === undefined || spec === '') return { now: realNow, realMs: (durationMs) => durationMs }
  const match = /^(\d+(?:\.\d+)?)@(\d+)$/.exec(spec)
  const speed = Number(match?.[1])
  const anchor = Number(match?.[2])
  if (match === null || !(speed > 0)) {
    throw new Error(
      `SUBLET_CLOCK is "${spec}", but must look like 60@1795000000000 (speed@epoch ms).`,
    )
  }
  return {
    now: () => Math.round(anchor + (realNow() - anchor) * speed),
    realMs: (durationMs) => durationMs / speed,
  }
}
