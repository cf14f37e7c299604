import { setTimeout as delay } from 'node:timers/promises'
import type { Contract } from '../../preload/contract/contract.ts'
import type { Api, Client } from '../rpc/client/client.ts'
import { SubletError } from '../domain/errors.ts'
import { leftWords } from '../domain/radar/words.ts'
import { leftBehind } from '../rpc/client/left-behind.ts'
import { firstState } from './state.ts'
import type { DesktopState } from './state.ts'

const pausesMs = [250, 1_000, 2_000, 5_000]

/** The host's own connection: keeps what tray and notifications need current, over every loss. */
export class EngineFollow {
  readonly #connect: (signal: AbortSignal) => Promise<Client<Contract>>
  readonly #onChange: (state: DesktopState) => void
  readonly #left = new AbortController()
  #state = firstState
  #client: Client<Contract> | null = null

  constructor(
    connect: (signal: AbortSignal) => Promise<Client<Contract>>,
    onChange: (state: DesktopState) => void,
  ) {
    this.#connect = connect
    this.#onChange = onChange
  }

  get state(): DesktopState {
    return this.#state
  }

  /** The engine's procedures now; `unreachable` while there is no connection. */
  get api(): Api<Contract> {
    if (this.#client !== null) return this.#client.api
    throw new SubletError('unreachable', 'The engine does not answer now. Jobs go on; try again.')
  }

  /** What costs money besides what is in use, in sentences; what was known where it does not answer. */
  async left(): Promise<readonly string[]> {
    const { overview } = this.#state
    const known = overview === null ? [] : leftWords(overview.radar, overview.at)
    return this.#client === null ? known : await leftBehind(this.#client.api, known)
  }

  /** Resolves with the first overview, a lost engine, or after `patienceMs`. */
  async untilKnown(patienceMs: number): Promise<void> {
    const until = performance.now() + patienceMs
    while (this.#state.overview === null && this.#state.link !== 'lost') {
      if (performance.now() >= until || this.#left.signal.aborted) return
      await delay(50)
    }
  }

  /** Follows until `leave`. Never throws: a lost engine is a state. */
  async run(): Promise<void> {
    const { signal } = this.#left
    for (let tries = 0; !signal.aborted; tries += 1) {
      try {
        this.#client = await this.#connect(signal)
        tries = 0
        await this.#read(this.#client)
      } catch {
        // Said by the state; the window has the sentence, which it gets over its own connection.
      }
      this.#client?.close()
      this.#client = null
      if (signal.aborted) return
      this.#change({ link: 'lost' })
      const pauseMs = pausesMs[Math.min(tries, pausesMs.length - 1)]
      await delay(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }

  leave(): void {
    this.#left.abort()
    this.#client?.close()
  }

  async #read({ api }: Client<Contract>): Promise<void> {
    const { signal } = this.#left
    const [overview, jobs, settings] = await Promise.all([
      api.system.watch({}, { signal }),
      api.jobs.watch({}, { signal }),
      api.settings.watch({}, { signal }),
    ])
    this.#change({
      link: 'connected',
      overview: overview.snapshot,
      jobs: new Map(jobs.snapshot.map((job) => [job.id, job])),
      settings: settings.snapshot.values,
    })
    // Whichever ends first ends this connection, and all begin anew.
    await Promise.race([
      each(overview.events, (next) => this.#change({ overview: next })),
      each(jobs.events, (job) =>
        this.#change({ jobs: new Map(this.#state.jobs).set(job.id, job) }),
      ),
      each(settings.events, ({ values }) => this.#change({ settings: values })),
    ])
  }

  #change(changed: Partial<DesktopState>): void {
    this.#state = { ...this.#state, ...changed }
    this.#onChange(this.#state)
  }
}

async function each<T>(events: AsyncIterable<T>, take: (event: T) => void): Promise<void> {
  for await (const event of events) take(event)
}
