/**
 * The only source of time. Engine time may run faster than physical time (the sandbox's speed
 * factor), so durations that leave the process (machine leases, socket time-outs) pass `realMs`.
 */
export interface Clock {
  /** Epoch milliseconds in engine time. */
  now(): number
  /** Resolves after `durationMs` of engine time; rejects with an AbortError when aborted. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>
  /** How many physical milliseconds a duration in engine time takes. */
  realMs(durationMs: number): number
}
