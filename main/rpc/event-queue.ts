import { SubletError } from '../domain/errors.ts'

/**
 * Turns pushed events into the pulled ones that a stream answers with, in bounded memory. Events
 * with the same key replace each other while they wait (the newest state of one job); a reader
 * who falls further behind than `limit` gets `rate-limited` and opens the stream anew.
 */
export class EventQueue<T> implements AsyncIterable<T> {
  readonly #limit: number
  readonly #onLeave: () => void
  readonly #waiting = new Map<unknown, T>()
  #ended = false
  #error: SubletError | null = null
  #wake: (() => void) | null = null

  /** `onLeave` is called once, when the reader leaves or the queue ends: stop pushing then. */
  constructor(limit: number, onLeave: () => void = () => undefined) {
    this.#limit = limit
    this.#onLeave = onLeave
  }

  /** Adds an event; without `key` nothing is replaced. Ignored after the end. */
  push(event: T, key: unknown = Symbol('event')): void {
    if (this.#ended) return
    if (!this.#waiting.has(key) && this.#waiting.size >= this.#limit) {
      this.#waiting.clear()
      this.end(
        new SubletError('rate-limited', 'This reader is too slow; open the stream again.', {
          retryAfterMs: 0,
        }),
      )
      return
    }
    this.#waiting.set(key, event)
    this.#wake?.()
  }

  /** No more events; what waits is still read. */
  end(error: SubletError | null = null): void {
    if (this.#ended) return
    this.#ended = true
    this.#error = error
    this.#onLeave()
    this.#wake?.()
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return {
      next: () => this.#next(),
      return: () => {
        this.#waiting.clear()
        this.end()
        return Promise.resolve({ done: true, value: undefined })
      },
    }
  }

  async #next(): Promise<IteratorResult<T>> {
    for (;;) {
      for (const [key, value] of this.#waiting) {
        this.#waiting.delete(key)
        return { done: false, value }
      }
      if (this.#error !== null) throw this.#error
      if (this.#ended) return { done: true, value: undefined }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = null
    }
  }
}
