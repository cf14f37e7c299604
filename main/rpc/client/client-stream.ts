import { fromWireError, SubletError } from '../../domain/errors.ts'
import type { ServerFrame } from './frames.ts'

interface StreamHooks {
  readonly opened: () => void
  readonly refused: (error: SubletError) => void
  readonly grant: (count: number) => void
  readonly left: (byUs: boolean) => void
  readonly breach: (what: string) => void
}

/** An open stream at the client: its snapshot, then its events for one reader. */
export class ClientStream<S, E> {
  readonly #hooks: StreamHooks
  readonly #credit: number
  #state: 'opening' | 'open' | 'ended' = 'opening'
  #snapshot: S | undefined
  #waiting: E[] = []
  #seq = 0
  #taken = 0
  #error: SubletError | null = null
  #wake: (() => void) | null = null

  /** Made by the client; `credit` events may wait here unread. */
  constructor(credit: number, hooks: StreamHooks) {
    this.#credit = credit
    this.#hooks = hooks
  }

  get snapshot(): S {
    return this.#snapshot as S
  }

  /** Ends with the stream, throws when it broke, closes it when the reader leaves early. */
  get events(): AsyncIterable<E> {
    return {
      [Symbol.asyncIterator]: () => ({
        next: () => this.#next(),
        return: () => {
          this.close()
          return Promise.resolve({ done: true, value: undefined })
        },
      }),
    }
  }

  /** Tells the engine that nobody reads any more; waiting events are dropped. */
  close(): void {
    this.#waiting = []
    this.#end(null, true)
  }

  /** For the channel: the connection or the caller's patience ended. */
  fail(error: SubletError, byUs: boolean): void {
    if (this.#state === 'opening') this.#hooks.refused(error)
    this.#end(error, byUs)
  }

  /** For the channel: a frame with this stream's number. */
  take(frame: ServerFrame): void {
    if (frame.t === 'snapshot' && this.#state === 'opening') {
      this.#snapshot = frame.value as S
      this.#state = 'open'
      this.#hooks.opened()
    } else if (frame.t === 'event' && this.#state === 'open') {
      this.#takeEvent(frame.seq, frame.value as E)
    } else if (frame.t === 'end') {
      const error = frame.error === undefined ? null : fromWireError(frame.error)
      if (this.#state === 'opening') {
        this.#hooks.refused(
          error ?? new SubletError('internal', 'The engine ended a stream before its start.'),
        )
      }
      this.#end(error, false)
    } else {
      this.#hooks.breach(`a ${frame.t} out of turn`)
    }
  }

  #takeEvent(seq: number, value: E): void {
    this.#seq += 1
    if (seq !== this.#seq || this.#waiting.length >= this.#credit) {
      this.#hooks.breach('events out of order or beyond their credit')
      return
    }
    this.#waiting.push(value)
    this.#wake?.()
  }

  async #next(): Promise<IteratorResult<E>> {
    while (this.#waiting.length === 0 && this.#state !== 'ended') {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = null
    }
    const value = this.#waiting.shift()
    if (value === undefined) {
      if (this.#error !== null) throw this.#error
      return { done: true, value: undefined }
    }
    this.#taken += 1
    // In portions, so that reading costs few frames and the engine never runs dry.
    if (this.#taken * 2 >= this.#credit && this.#state === 'open') {
      this.#hooks.grant(this.#taken)
      this.#taken = 0
    }
    return { done: false, value }
  }

  #end(error: SubletError | null, byUs: boolean): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#error = error
    this.#hooks.left(byUs)
    this.#wake?.()
  }
}
