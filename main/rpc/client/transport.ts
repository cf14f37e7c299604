/** An ordered, reliable channel for JSON messages between two peers: a socket, a port, a pair. */
export interface Transport {
  /** Queues a message; dropped once closed. Throws only when the message is too large. */
  send(message: unknown): void
  /** Resolves once the peer has taken most of what was sent, or the channel is closed. */
  drained(): Promise<void>
  /**
   * Hands messages over in order, those that arrived while nobody listened first. `null` stops
   * the delivery until the next listener.
   */
  receive(listener: ((message: unknown) => void) | null): void
  /** Called once with the reason; at once when it is closed already. */
  onClose(listener: (reason: string) => void): void
  close(reason: string): void
}

/** More than one read of a socket can hold, so that pausing the socket comes first. */
const maxWaiting = 5_000
/** From here on whoever fills an inbox that nobody reads should stop reading its source. */
const enoughWaiting = 100

/** Keeps messages until somebody listens; the shared half of every transport. */
export class Inbox {
  readonly #overflow: () => void
  #listener: ((message: unknown) => void) | null = null
  #waiting: unknown[] = []

  /** `overflow` is called when too many messages arrive while nobody listens. */
  constructor(overflow: () => void) {
    this.#overflow = overflow
  }

  /** Whether messages wait that nobody takes: the source should pause until the next `receive`. */
  get isFull(): boolean {
    return this.#waiting.length >= enoughWaiting
  }

  push(message: unknown): void {
    if (this.#listener !== null && this.#waiting.length === 0) {
      this.#listener(message)
      return
    }
    if (this.#waiting.length >= maxWaiting) this.#overflow()
    else this.#waiting.push(message)
  }

  receive(listener: ((message: unknown) => void) | null): void {
    this.#listener = listener
    // A listener may hand over to the next one in the middle of the queue.
    while (this.#waiting.length > 0 && this.#listener !== null) {
      const message = this.#waiting.shift()
      this.#listener(message)
    }
  }
}

/** Remembers why a channel closed and tells everybody once. */
export class Closing {
  readonly #listeners: ((reason: string) => void)[] = []
  #reason: string | null = null

  get closed(): boolean {
    return this.#reason !== null
  }

  onClose(listener: (reason: string) => void): void {
    if (this.#reason !== null) listener(this.#reason)
    else this.#listeners.push(listener)
  }

  /** True the first time. */
  close(reason: string): boolean {
    if (this.#reason !== null) return false
    this.#reason = reason
    for (const listener of this.#listeners) listener(reason)
    return true
  }
}
