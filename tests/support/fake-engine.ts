import { contract, contractVersion } from '../../preload/contract/contract.ts'
import type { Connection } from '../../main/cli/api.ts'
import { SubletError } from '../../main/domain/errors.ts'
import { silentLogger } from '../../main/domain/logger.ts'
import { createClient } from '../../main/rpc/client/client.ts'
import { serveConnection } from '../../main/rpc/connection.ts'
import type { Handlers } from '../../main/rpc/handlers.ts'
import { memoryTransportPair } from '../../main/rpc/memory-transport.ts'
import { createRouter } from '../../main/rpc/router.ts'
import type { Transport } from '../../main/rpc/client/transport.ts'
import { FakeJob } from './fake-job.ts'
import * as facts from './fake-facts.ts'

type EngineHandlers = Handlers<typeof contract>
type Overrides = { readonly [S in keyof EngineHandlers]?: Partial<EngineHandlers[S]> }

const hello = { version: '0.1.0', contractVersion, role: 'engine' }

/** An engine that rents nothing: one job under the test's control, fixed answers for the rest. */
export class FakeEngine {
  readonly job = new FakeJob()
  /** Every request that changes something, as `service.name`, with its input. */
  readonly calls: { readonly method: string; readonly input: unknown }[] = []
  readonly #overrides: Overrides
  readonly #open = new Set<Transport>()

  constructor(overrides: Overrides = {}) {
    this.#overrides = overrides
  }

  /** A client over a connection of its own. */
  async connect(): Promise<Connection> {
    return createClient(contract, this.transport(), { ...hello, role: 'cli' })
  }

  /** A connection on which nothing has been said yet. */
  transport(): Transport {
    const [clientEnd, serverEnd] = memoryTransportPair()
    this.#open.add(serverEnd)
    serverEnd.onClose(() => this.#open.delete(serverEnd))
    serveConnection(serverEnd, {
      hello,
      router: createRouter(contract, this.handlers(), silentLogger),
      log: silentLogger,
      onDrain: () => undefined,
    })
    return clientEnd
  }

  /** Cuts every connection, as a crash of the engine would. */
  cut(): void {
    for (const transport of this.#open) transport.close('the engine crashed')
  }

  #record(method: string, input: unknown): void {
    this.calls.push({ method, input })
  }

  /** What it answers, for a test that serves it over a transport of its own. */
  handlers(): EngineHandlers {
    const { job } = this
    const unsupported = async () => {
      throw new SubletError('unsupported', 'The fake engine cannot do that.')
    }
    const own: Overrides = {
      system: {
        status: async () => ({
          version: hello.version,
          pid: 1,
          homeId: 'home',
          homeDir: '/home/fake',
          startedAt: 0,
          activeJobs: job.summary.settled ? 0 : 1,
          rentalsWithoutReceipt: job.summary.settled ? 0 : 1,
          burnMicrosPerHour: facts.offer.microsPerHour,
          keychain: facts.keychain,
        }),
        shutdown: async () => ({}),
        doctor: async () => ({
          checks: [{ name: 'engine', ok: true, sentence: 'It answers.' }],
        }),
      },
      jobs: {
        propose: async (input) => {
          this.#record('jobs.propose', input)
          return facts.proposal
        },
        submit: async (input) => {
          this.#record('jobs.submit', input)
          return { jobId: job.summary.id }
        },
        list: async () => [job.summary],
        show: async () => job.detail(),
        stop: async (input) => {
          this.#record('jobs.stop', input)
          job.end({ state: 'cancelled' })
          return {}
        },
        stopAll: async (input) => {
          this.#record('jobs.stopAll', input)
          return { jobs: 1, rentals: 1 }
        },
        ssh: async () => facts.ssh,
        forward: unsupported,
        watch: async (_input, { signal }) => ({
          snapshot: [job.summary],
          events: job.summaries(signal),
        }),
        log: async ({ offset, follow }, { signal }) => ({
          snapshot: { sizeBytes: job.logBytes },
          events: job.logFrom(offset, follow, signal),
        }),
        metrics: async (_input, { signal }) => ({ snapshot: {}, events: job.metrics(signal) }),
      },
      offers: { list: async () => ({ offers: [facts.offer], sources: [facts.source] }) },
      instances: {
        list: async () => ({
          billables: [facts.billable],
          accounts: [facts.askedAccount],
          problems: [],
        }),
        release: async (input) => {
          this.#record('instances.release', input)
          return {}
        },
      },
      ledger: {
        list: async () => ({ entries: [facts.entry], totalMicros: facts.entry.micros }),
      },
      accounts: {
        providers: async () => facts.providers,
        list: async () => [facts.account],
        add: async (input) => {
          this.#record('accounts.add', input)
          return { ...facts.accountStatus, accountId: 'cloud:new' }
        },
        check: async () => facts.accountStatus,
        remove: async (input) => {
          this.#record('accounts.remove', input)
          return {}
        },
      },
      hosts: {
        scan: async () => facts.scan,
        add: async (input) => {
          this.#record('hosts.add', input)
          return facts.accountStatus
        },
        list: async () => [facts.host],
        check: async () => facts.accountStatus,
        remove: async () => ({}),
      },
      secrets: {
        set: async (input) => {
          this.#record('secrets.set', input)
          return facts.keychain
        },
        list: async () => [{ name: 'HF_TOKEN', setAt: facts.now, keptIn: 'keychain' }],
        remove: async () => ({}),
      },
      sandbox: {
        status: async () => ({ running: true, machines: 1, billedMicros: facts.micros(42_700) }),
        stop: async () => ({}),
      },
    }
    // What a test does not tell it to do, it says that it cannot.
    const all = Object.entries(contract).map(([name, procedures]) => {
      const service = name as keyof EngineHandlers
      const none = Object.fromEntries(Object.keys(procedures).map((key) => [key, unsupported]))
      return [service, { ...none, ...own[service], ...this.#overrides[service] }]
    })
    return Object.fromEntries(all) as EngineHandlers
  }
}
