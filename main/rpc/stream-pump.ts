import type { Logger } from '../domain/logger.ts'

/** Counts how many events the client still takes. */
export class Credit {
  #left: number
  #wake: (() => void) | null = null

  constructor(initial: number) {
    this.#left = initial
  }

  grant(count: number): void {
    this.#left += count
    this.#wake?.()
  }

  /** Resolves once an event may be sent, and takes it off; false when `signal` aborts first. */
  async take(signal: AbortSignal): Promise<boolean> {
    while (this.#left <= 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = () => {
          this.#wake = null
          signal.removeEventListener('abort', done)
          resolve()
        }
        this.#wake = done
        signal.addEventListener('abort', done)
      })
    }
    if (signal.aborted) return false
    this.#left -= 1
    return true
  }
}

/**
 * Pulls events as credit allows and hands them to `send` with rising numbers from 1. Nothing is
 * pulled without credit or before `send` is done, so a slow client costs no memory. Ends with the source or the signal.
 */
export async function pump(
  events: AsyncIterable<unknown>,
  credit: Credit,
  signal: AbortSignal,
  send: (seq: number, value: unknown) => Promise<void>,
  log: Logger,
): Promise<void> {
  const source = events[Symbol.asyncIterator]()
  let finished = false
  try {
    for (let seq = 1; await credit.take(signal); seq += 1) {
      const step = await unlessAborted(source.next(), signal)
      if (step === aborted) return
      if (step.done === true) {
        finished = true
        return
      }
      await send(seq, step.value)
    }
  } finally {
    // Not awaited: a generator that waits for its next event answers only after it.
    if (!finished) {
      source.return?.().catch((error: unknown) => log.warn({ err: error }, 'A stream ended badly.'))
    }
  }
}

const aborted = Symbol('aborted')

async function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
): Promise<T | typeof aborted> {
  let stop: (() => void) | null = null
  const stopped = new Promise<typeof aborted>((resolve) => {
    stop = () => resolve(aborted)
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
  })
  try {
    // Should `work` fail after the abort, nobody is left who could be told.
    return await Promise.race([work, stopped])
  } finally {
    if (stop !== null) signal.removeEventListener('abort', stop)
  }
}
