import { Stage } from './stage.ts'

/** Stages on which injections run side by side; a stage on which one broke is not used again. */
export class Lanes {
  readonly #cache: string
  readonly #free: Stage[] = []

  constructor(cache: string) {
    this.#cache = cache
  }

  /** Runs `work` on a free stage. `isSound` false, or a throw: the stage is thrown away. */
  async use<T>(work: (stage: Stage) => Promise<T>, isSound: (made: T) => boolean): Promise<T> {
    const stage = this.#free.pop() ?? (await Stage.open(this.#cache))
    let sound = false
    try {
      const made = await work(stage)
      sound = isSound(made)
      return made
    } finally {
      if (sound) this.#free.push(stage)
      else await stage.close()
    }
  }

  /** Works on all items, `atOnce` at a time, and yields results as they come. */
  async *each<I, T>(
    items: readonly I[],
    atOnce: number,
    work: (item: I) => Promise<T>,
  ): AsyncIterable<T> {
    const waiting = [...items]
    const underWay = new Map<number, Promise<readonly [number, T]>>()
    let next = 0
    try {
      for (;;) {
        while (underWay.size < atOnce) {
          const item = waiting.shift()
          if (item === undefined) break
          const id = next++
          underWay.set(
            id,
            work(item).then((made) => [id, made] as const),
          )
        }
        if (underWay.size === 0) return
        const [id, made] = await Promise.race(underWay.values())
        underWay.delete(id)
        yield made
      }
    } finally {
      await Promise.allSettled(underWay.values())
    }
  }

  /** Ends all stages; answers the processes that nobody ended. */
  async close(): Promise<readonly string[]> {
    return (await Promise.all(this.#free.splice(0).map((stage) => stage.close()))).flat()
  }
}
