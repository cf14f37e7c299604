import type { Duplex } from 'node:stream'
import type { Client } from 'ssh2'
import type { SshJump, SshTarget } from '../../providers/provider.ts'
import { authentication, type SshIdentity } from './authentication.ts'
import { connectionError } from './connection-errors.ts'
import { handshake, type KeepAlive } from './connection.ts'
import type { Heard } from './fair-reading.ts'
import { hostKeyCheck, type HostKeyPins } from './host-key-check.ts'
import { knownHostsName } from './keys.ts'
import { openSocket, openTunnel } from './stream.ts'

const hangUpWithinMs = 2_000

export interface RouteOptions {
  readonly pins: HostKeyPins
  readonly signal: AbortSignal
  /** For each hop: its TCP connection, and then its handshake and log-in, may take this long. */
  readonly readyTimeoutMs: number
  readonly keepAlive: KeepAlive
  readonly heard?: Heard
}

/** One machine to log in to, with what to log in. */
export interface Hop {
  readonly address: Pick<SshTarget, 'host' | 'port' | 'user' | 'hostKeys'>
  readonly identity: SshIdentity
  /** For messages. */
  readonly label: string
}

/** Connects through all hops, outermost first, and checks each one's host key. */
export async function openRoute(hops: readonly Hop[], options: RouteOptions): Promise<Client[]> {
  const clients: Client[] = []
  try {
    for (const hop of hops) clients.push(await connectHop(hop, clients.at(-1), options))
    return clients
  } catch (error) {
    closeRoute(clients)
    throw error
  }
}

/** Ends the connections, innermost first. */
export function closeRoute(clients: readonly Client[]): void {
  for (const client of clients.toReversed()) {
    client.on('error', () => undefined)
    client.end()
    // One that does not hang up in turn would keep the connection for ever.
    const dropping = setTimeout(() => client.destroy(), hangUpWithinMs)
    client.once('close', () => clearTimeout(dropping))
    dropping.unref()
  }
}

/** The jumps as hops; each has its own key file or else the target's identity. */
export function jumpHops(jumps: readonly SshJump[], identity: SshIdentity): Hop[] {
  return jumps.map((jump) => ({
    address: jump,
    identity:
      jump.identityFile === undefined
        ? identity
        : { ...identity, privateKeyPath: jump.identityFile },
    label: `the jump host ${labelOf(jump)}`,
  }))
}

/** `user@host:port`, IPv6 in brackets. */
export function labelOf({ user, host, port }: Pick<SshTarget, 'user' | 'host' | 'port'>): string {
  return `${user}@${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** A TCP stream to `host`, from here or from the end of a route. Rejects with a raw error. */
export async function openStream(
  through: Client | undefined,
  host: string,
  port: number,
  { readyTimeoutMs, signal }: Pick<RouteOptions, 'readyTimeoutMs' | 'signal'>,
): Promise<Duplex> {
  return await (through === undefined
    ? openSocket(host, port, readyTimeoutMs, signal)
    : openTunnel(through, host, port))
}

async function connectHop(
  { address, identity, label }: Hop,
  through: Client | undefined,
  options: RouteOptions,
): Promise<Client> {
  const { host, port, user, hostKeys } = address
  const auth = await authentication(user, identity)
  const check = await hostKeyCheck(knownHostsName(host, port), hostKeys, options.pins)
  let stream: Duplex
  try {
    stream = await openStream(through, host, port, options)
  } catch (error) {
    if (options.signal.aborted) throw error
    throw connectionError(error as Error, { label, auth, check })
  }
  return await handshake(stream, { ...options, label, username: user, auth, check })
}
