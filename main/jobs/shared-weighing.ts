import type { JobSpec } from '../../preload/contract/job-spec.ts'
import type { Clock } from '../domain/clock.ts'
import type { WeighedInputs, weighInputs } from './weigh-inputs.ts'

interface Walk {
  readonly result: Promise<WeighedInputs>
  readonly stop: AbortController
  waiting: number
  /** Null while it is under way. */
  doneAt: number | null
}

/** A form asks again with every keystroke; the files it names rarely change in between. */
const freshForMs = 4_000

/**
 * Weighs inputs once for questions that come at the same time or within seconds. A walk goes on
 * as long as anybody waits for it, whoever began it.
 */
export class SharedWeighing {
  readonly #weigh: typeof weighInputs
  readonly #clock: Pick<Clock, 'now'>
  readonly #walks = new Map<string, Walk>()

  constructor(weigh: typeof weighInputs, clock: Pick<Clock, 'now'>) {
    this.#weigh = weigh
    this.#clock = clock
  }

  /** As `weighInputs`, up to a few seconds old. */
  async weigh(spec: JobSpec, signal: AbortSignal): Promise<WeighedInputs> {
    signal.throwIfAborted()
    this.#forgetOld()
    const key = JSON.stringify([spec.code, spec.data])
    const walk = this.#walks.get(key) ?? this.#begin(key, spec)
    walk.waiting += 1
    const { promise, reject } = Promise.withResolvers<never>()
    const leave = (): void => reject(signal.reason)
    signal.addEventListener('abort', leave)
    try {
      return await Promise.race([walk.result, promise])
    } finally {
      signal.removeEventListener('abort', leave)
      walk.waiting -= 1
      if (walk.waiting === 0 && walk.doneAt === null) {
        this.#forget(key, walk)
        walk.stop.abort()
      }
    }
  }

  #begin(key: string, spec: JobSpec): Walk {
    const stop = new AbortController()
    const walk: Walk = { result: this.#weigh(spec, stop.signal), stop, waiting: 0, doneAt: null }
    this.#walks.set(key, walk)
    void this.#end(key, walk)
    return walk
  }

  async #end(key: string, walk: Walk): Promise<void> {
    try {
      await walk.result
      walk.doneAt = this.#clock.now()
    } catch {
      // Whoever waits hears of it; the next question walks again.
      this.#forget(key, walk)
    }
  }

  #forget(key: string, walk: Walk): void {
    if (this.#walks.get(key) === walk) this.#walks.delete(key)
  }

  #forgetOld(): void {
    const oldest = this.#clock.now() - freshForMs
    for (const [key, { doneAt }] of this.#walks) {
      if (doneAt !== null && doneAt < oldest) this.#walks.delete(key)
    }
  }
}
