import { writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { contract, contractVersion } from '../../../preload/contract/contract.ts'
import type { JobSummary } from '../../../preload/contract/job.ts'
import type { Overview } from '../../../preload/contract/overview.ts'
import { settingDeclarations } from '../../../preload/contract/setting-declarations.ts'
import { settingKeys, settingsSnapshotSchema } from '../../../preload/contract/setting.ts'
import { silentLogger } from '../../../main/domain/logger.ts'
import { homeAt, prepareHome } from '../../../main/engine/home.ts'
import { SocketServer } from '../../../main/engine/socket-server.ts'
import { subletVersion } from '../../../main/engine/version.ts'
import { EventQueue } from '../../../main/rpc/event-queue.ts'
import { socketAddress } from '../../../main/rpc/local-socket.ts'
import { createRouter } from '../../../main/rpc/router.ts'
import { ensureToken } from '../../../main/rpc/token.ts'
import { FakeEngine } from '../fake-engine.ts'
import { idleOverview } from './idle-overview.ts'

/** A fake engine on the real socket of a home, whose overview and jobs the test decides. */
export class ServedEngine {
  readonly environments: Readonly<Record<string, string>>[] = []
  readonly #fake: FakeEngine
  readonly #server: SocketServer
  readonly #readers = new Set<EventQueue<Overview>>()
  readonly #jobReaders = new Set<EventQueue<JobSummary>>()
  #overview = idleOverview
  #jobs: readonly JobSummary[] = []

  constructor(homeDir: string) {
    const home = homeAt(homeDir)
    prepareHome(home)
    const values = Object.fromEntries(
      settingKeys.map((key) => [key, settingDeclarations[key].schema.parse(undefined)]),
    )
    const settings = settingsSnapshotSchema.parse({ values, defaults: values })
    this.#fake = new FakeEngine({
      system: {
        doctor: async ({ environment }) => {
          this.environments.push(environment)
          return { checks: [] }
        },
        watch: async (_input, { signal }) => ({
          snapshot: this.#overview,
          events: this.#queue(this.#readers, signal),
        }),
      },
      jobs: {
        watch: async (_input, { signal }) => ({
          snapshot: [...this.#jobs],
          events: this.#queue(this.#jobReaders, signal),
        }),
      },
      settings: {
        watch: async (_input, { signal }) => ({
          snapshot: settings,
          events: this.#queue(new Set(), signal),
        }),
      },
    })
    const version = subletVersion()
    const address = socketAddress(home.dir)
    this.#server = new SocketServer({
      address,
      token: ensureToken(home.tokenFile),
      hello: { version, contractVersion, role: 'engine' },
      router: createRouter(contract, this.#fake.handlers(), silentLogger),
      log: silentLogger,
      onDrain: () => undefined,
    })
    const info = { pid: process.pid, host: hostname(), version, address, startedAt: 0 }
    writeFileSync(home.infoFile, JSON.stringify(info))
  }

  /** Requests that change something. */
  get calls(): FakeEngine['calls'] {
    return this.#fake.calls
  }

  async listen(): Promise<void> {
    await this.#server.listen()
  }

  /** Says a new state to everybody who watches. */
  say(changed: Partial<Overview>, jobs: readonly JobSummary[] = []): void {
    this.#overview = { ...this.#overview, ...changed }
    for (const job of jobs) for (const reader of this.#jobReaders) reader.push(job)
    this.#jobs = jobs.length > 0 ? jobs : this.#jobs
    for (const reader of this.#readers) reader.push(this.#overview)
  }

  close(): void {
    this.#server.stopListening()
    this.#server.closeAll('the test is over')
  }

  #queue<T>(readers: Set<EventQueue<T>>, signal: AbortSignal): EventQueue<T> {
    const queue: EventQueue<T> = new EventQueue(100, () => void readers.delete(queue))
    signal.addEventListener('abort', () => queue.end())
    readers.add(queue)
    return queue
  }
}
