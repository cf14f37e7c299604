import { homedir, userInfo } from 'node:os'
import type { SshTarget } from '../../providers/provider.ts'
import type { Machine } from '../machine.ts'
import { connectMachine, identityFor, type ConnectOptions } from './connect.ts'
import type { HostKeyPins } from './host-key-check.ts'
import { knownHostsName } from './keys.ts'
import { scanHostKeys } from './scan.ts'
import type { UserConfigPlaces } from './user-config-file.ts'
import { resolveHost } from './user-config.ts'

interface Reach {
  readonly signal: AbortSignal
  /** SSH_AUTH_SOCK of the client that asked. */
  readonly agentSocket: string | undefined
}

/** The user's own configuration. */
export function ownPlaces(): UserConfigPlaces {
  return { home: homedir(), localUser: userInfo().username }
}

/**
 * Connects to the user's own hosts; made for `providers/host`. `pins` keeps the keys of jumps, and
 * of hosts that were added without trusted keys, when they are first seen.
 */
export class SshHostConnector {
  readonly #pins: HostKeyPins
  readonly #places: UserConfigPlaces
  readonly #options: Omit<ConnectOptions, 'signal'>

  constructor(
    pins: HostKeyPins,
    places: UserConfigPlaces,
    options: Omit<ConnectOptions, 'signal'> = {},
  ) {
    this.#pins = pins
    this.#places = places
    this.#options = options
  }

  /** Where the address leads, with every host key that is known. */
  async resolve(
    address: string,
    known: { readonly identityFile: string | null; readonly hostKeys: readonly string[] },
  ): Promise<SshTarget> {
    const { target } = resolveHost(address, this.#places)
    const { identityFile: configured, jumps = [], ...rest } = target
    const identityFile = known.identityFile ?? configured
    return {
      ...rest,
      hostKeys: known.hostKeys.length > 0 ? known.hostKeys : await this.#pinned(target),
      ...(identityFile === undefined ? {} : { identityFile }),
      ...(jumps.length === 0
        ? {}
        : {
            jumps: await Promise.all(
              jumps.map(async (jump) => ({ ...jump, hostKeys: await this.#pinned(jump) })),
            ),
          }),
    }
  }

  async connect(target: SshTarget, { signal, agentSocket }: Reach): Promise<Machine> {
    const identity = agentSocket === undefined ? {} : { agentSocket }
    return await connectMachine(target, identity, this.#pins, { ...this.#options, signal })
  }

  /** The keys that the host shows, for the user to compare before they are trusted. */
  async scan(
    address: string,
    identityFile: string | null,
    { signal, agentSocket }: Reach,
  ): Promise<{ readonly target: SshTarget; readonly keys: readonly string[] }> {
    const target = await this.resolve(address, { identityFile, hostKeys: [] })
    const { host, port, jumps } = target
    const identity = identityFor(target, agentSocket === undefined ? {} : { agentSocket })
    const route = jumps === undefined ? undefined : { jumps, identity, pins: this.#pins }
    return { target, keys: await scanHostKeys(host, port, signal, route) }
  }

  async #pinned({ host, port }: Pick<SshTarget, 'host' | 'port'>): Promise<readonly string[]> {
    return await this.#pins.expected(knownHostsName(host, port))
  }
}
