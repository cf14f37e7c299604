import type {
  Account,
  Capabilities,
  Provider,
  ProviderAbout,
  ProviderContext,
  ProviderSession,
} from '../provider.ts'
import type { HostConnector } from './connector.ts'
import { HostSession } from './session.ts'

/** How long a connection waits for the next question. */
const keepConnectionMs = 15_000

/** Machines that the user has: any that SSH reaches. Renting one means taking GPUs of it. */
export class HostProvider implements Provider {
  readonly about: ProviderAbout = {
    id: 'host',
    name: 'Own hosts',
    credentialFields: [],
    simulated: false,
  }

  readonly capabilities: Capabilities = {
    spot: 'An own host has no spot price.',
    userData: 'An own host is running already, so nothing is handed to its first start.',
    tags: true,
    image: 'An own host has the system that it has.',
    launchKey: 'token',
    visibleWithinMs: 0,
    // What a rental of an own host is: the claim and the processes under it, not the machine.
    selfTermination: true,
    expiry: 'An own host belongs to you, so no provider ends a job on it at a given time.',
    hostKey: 'first-use',
    shared: true,
  }

  readonly #connector: HostConnector
  readonly #keepMs: number

  constructor(connector: HostConnector, keepMs = keepConnectionMs) {
    this.#connector = connector
    this.#keepMs = keepMs
  }

  /** Fails with `invalid` when the account's settings cannot be read. Nothing connects yet. */
  connect(account: Account, context: ProviderContext): ProviderSession {
    return new HostSession(account, context, this.#connector, this.#keepMs)
  }
}
