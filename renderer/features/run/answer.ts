import type { SubletError } from '../../../main/domain/errors.ts'
import { toSubletError } from '../../../main/domain/errors.ts'

/** What is known of a question: the last answer stays in sight while the next one comes. */
export interface Answer<T> {
  readonly value: T | null
  /** The value is of an earlier question, or a newer one is being fetched. */
  readonly updating: boolean
  /** Why the latest question has no answer; the value, if any, is then of an earlier one. */
  readonly error: SubletError | null
}

export const noAnswer: Answer<never> = { value: null, updating: false, error: null }

/** Asks one question at a time: a newer one aborts the older, whose answer is dropped. */
export class LatestQuestion<T> {
  readonly #set: (answer: (before: Answer<T>) => Answer<T>) => void
  #under: AbortController | null = null
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(set: (answer: (before: Answer<T>) => Answer<T>) => void) {
    this.#set = set
  }

  /** Marks what is shown as old at once, and asks after a pause in which no newer question came. */
  ask(question: (signal: AbortSignal) => Promise<T>, pauseMs: number): void {
    this.#drop()
    this.#set((before) => ({ ...before, updating: true }))
    const under = new AbortController()
    this.#under = under
    this.#timer = setTimeout(() => void this.#put(question, under.signal), pauseMs)
  }

  /** Forgets answer and question. */
  clear(): void {
    this.#drop()
    this.#set(() => noAnswer)
  }

  /** Lets go of the question under way and keeps what is shown, as old. */
  pause(): void {
    this.#drop()
    this.#set((before) => ({ ...before, updating: false }))
  }

  async #put(question: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<void> {
    try {
      const value = await question(signal)
      if (!signal.aborted) this.#set(() => ({ value, updating: false, error: null }))
    } catch (thrown) {
      const error = toSubletError(thrown)
      if (!signal.aborted) this.#set((before) => ({ ...before, updating: false, error }))
    }
  }

  #drop(): void {
    this.#under?.abort()
    if (this.#timer !== null) clearTimeout(this.#timer)
  }
}
