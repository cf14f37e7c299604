import type { Clock } from '../../main/domain/clock.ts'

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

/** Time that stands still while anybody works, and then goes on to whoever sleeps shortest. */
export class VirtualClock implements Clock {
  #now: number
  #sleepers: readonly Sleeper[] = []

  constructor(startAt: number) {
    this.#now = startAt
  }

  now(): number {
    return this.#now
  }

  realMs(durationMs: number): number {
    return durationMs
  }

  async sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    await new Promise<void>((resolve, reject) => {
      const sleeper = { at: this.#now + durationMs, wake: resolve }
      this.#sleepers = [...this.#sleepers, sleeper]
      signal?.addEventListener(
        'abort',
        () => {
          this.#sleepers = this.#sleepers.filter((one) => one !== sleeper)
          reject(signal.reason as Error)
        },
        { once: true },
      )
    })
  }

  /** Lets time pass until `over`; false when nobody sleeps any more, or after `mostSteps` steps. */
  async run(over: () => boolean, mostSteps = 5_000): Promise<boolean> {
    for (let steps = 0; steps < mostSteps; steps += 1) {
      await idle()
      if (over()) return true
      const next = this.#sleepers.toSorted((a, b) => a.at - b.at)[0]
      if (next === undefined) return false
      this.#now = Math.max(this.#now, next.at)
      this.#sleepers = this.#sleepers.filter((one) => one !== next)
      next.wake()
    }
    return false
  }
}

/** Everything that can go on without time has gone on: requests take a turn or two. */
async function idle(): Promise<void> {
  for (let turns = 0; turns < 4; turns += 1) {
    await new Promise((resolve) => setImmediate(resolve))
  }
}
