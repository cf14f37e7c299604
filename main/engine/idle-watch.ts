import type { Activity } from './services-port.ts'

export interface IdleWatchOptions {
  /** How long nothing must happen before the engine leaves. */
  readonly idleMs: number
  readonly clients: () => number
  readonly activity: () => Activity
  readonly onIdle: () => void
  /** Called now and then while nothing is rented and no job is open. */
  readonly onRest: () => void
}

/** Notices that nobody needs the engine. Real time: an idle process does not follow a fast clock. */
export class IdleWatch {
  readonly #options: IdleWatchOptions
  readonly #timer: NodeJS.Timeout
  #idleSince: number | null = null
  #asked = false

  constructor(options: IdleWatchOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.#look(), Math.min(Math.max(options.idleMs / 4, 20), 1_000))
  }

  /** The user asked it to leave: clients and the waiting time count no more, work does. */
  leaveWhenWorkEnds(): void {
    this.#asked = true
    setImmediate(() => this.#look())
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    const { activeJobs, rentalsWithoutReceipt } = this.#options.activity()
    const working = activeJobs > 0 || rentalsWithoutReceipt > 0
    if (!working) this.#options.onRest()
    if (working || (this.#options.clients() > 0 && !this.#asked)) {
      this.#idleSince = null
      return
    }
    this.#idleSince ??= performance.now()
    if (this.#asked || performance.now() - this.#idleSince >= this.#options.idleMs) {
      this.stop()
      this.#options.onIdle()
    }
  }
}
