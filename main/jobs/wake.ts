import type { Clock } from '../domain/clock.ts'

/** Lets loops sleep until something that they care about changed, or a time has come. */
export class Wake {
  readonly #clock: Clock
  readonly #waiting = new Map<string, Set<() => void>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Wakes everyone who waits for `topic`. */
  notify(topic: string): void {
    for (const wake of this.#waiting.get(topic) ?? []) wake()
  }

  /**
   * Resolves at the next `notify(topic)`, or at `until` (engine time; null: never). Rejects when
   * aborted. Check the condition before and after: a wake-up says "look again", nothing more.
   */
  async wait(topic: string, until: number | null, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const done = new AbortController()
    const waiting = this.#waiting.get(topic) ?? new Set()
    this.#waiting.set(topic, waiting)
    await new Promise<void>((resolve, reject) => {
      const wake = (): void => resolve()
      waiting.add(wake)
      signal.addEventListener('abort', () => reject(signal.reason), { signal: done.signal })
      if (until !== null) {
        const left = Math.max(0, until - this.#clock.now())
        this.#clock.sleep(left, done.signal).then(wake, () => undefined) // Aborted: woken already.
      }
      done.signal.addEventListener('abort', () => waiting.delete(wake))
    }).finally(() => {
      done.abort()
      if (waiting.size === 0) this.#waiting.delete(topic)
    })
  }
}
