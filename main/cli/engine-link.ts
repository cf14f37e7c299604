import { setTimeout as delay } from 'node:timers/promises'
import { type SubletError, toSubletError } from '../domain/errors.ts'
import type { Api, Connection } from './api.ts'

/** Work over one connection that lasted this long counts as an answer. */
const steadyMs = 2_000

/** The engine, as a command sees it: one connection at a time, renewed when it was lost. */
export class EngineLink {
  readonly #connect: () => Promise<Connection>
  #current: Promise<Connection> | null = null
  #wanted = false

  constructor(connect: () => Promise<Connection>) {
    this.#connect = connect
  }

  /** Whether a connection was wanted and there is none: then `unreachable` means the engine. */
  get isDown(): boolean {
    return this.#wanted && this.#current === null
  }

  /** The engine's procedures; connects first where there is no connection. */
  async api(): Promise<Api> {
    this.#wanted = true
    this.#current ??= this.#open()
    return (await this.#current).api
  }

  async close(): Promise<void> {
    const current = this.#current
    this.#current = null
    if (current === null) return
    try {
      ;(await current).close()
    } catch {
      // It never opened, which whoever asked for it has been told.
      return
    }
  }

  /**
   * Repeats `work` over lost connections until it returns. `onLost` hears of the first loss in a
   * row; after `giveUpMs` without an answer the last error is thrown.
   */
  async throughLosses<T>(
    work: (api: Api) => Promise<T>,
    {
      signal,
      onLost = () => undefined,
      giveUpMs = 60_000,
    }: { signal: AbortSignal; onLost?: () => void; giveUpMs?: number },
  ): Promise<T> {
    let lostSince: number | null = null
    for (let attempt = 0; ; attempt += 1) {
      let connectedAt: number | null = null
      try {
        const api = await this.api()
        connectedAt = performance.now()
        return await work(api)
      } catch (thrown) {
        const error = toSubletError(thrown)
        signal.throwIfAborted()
        if (!isLoss(error)) throw error
        const now = performance.now()
        // What worked for a while was an engine's answer: this loss is the first of a new row.
        const worked = connectedAt !== null && now - connectedAt > steadyMs
        if (lostSince === null || worked) {
          lostSince = now
          attempt = 0
          onLost()
        }
        if (now - lostSince > giveUpMs) throw error
        await delay(Math.min(5_000, 200 * 2 ** Math.min(attempt, 5)), undefined, { signal })
      }
    }
  }

  #open(): Promise<Connection> {
    const opening = this.#connect()
    const forget = (): void => {
      if (this.#current === opening) this.#current = null
    }
    opening.then((connection) => connection.closed.then(forget), forget)
    return opening
  }
}

/** Whether an error means that the connection or engine went away under us. */
function isLoss(error: SubletError): boolean {
  return ['unreachable', 'unavailable', 'cancelled', 'rate-limited'].includes(error.code)
}
