import type { Client } from 'ssh2'
import { SubletError } from '../../domain/errors.ts'
import type { SshTarget } from '../../providers/provider.ts'
import type { Machine } from '../machine.ts'
import { authentication, type SshIdentity } from './authentication.ts'
import { connectionError } from './connection-errors.ts'
import { handshake, type KeepAlive } from './connection.ts'
import { hostKeyCheck, type HostKeyPins } from './host-key-check.ts'
import { knownHostsName } from './keys.ts'
import { SshMachine } from './ssh-machine.ts'
import { openSocket, openTunnel } from './stream.ts'

export interface ConnectOptions {
  readonly signal?: AbortSignal
  /** For each hop: TCP connection, handshake and log-in together take about this long at most. */
  readonly readyTimeoutMs?: number
  readonly keepAlive?: KeepAlive
}

/** A dead peer is noticed after four intervals. */
const defaultKeepAlive: KeepAlive = { intervalMs: 11_000, count: 3 }

/**
 * Connects to a machine, through its jumps where it has any, checking every host key on the way.
 * The target's own `identityFile` comes before the identity's key; the agent is asked where the
 * target says so. Errors: `unreachable`, `auth`, `host-key`, `unsupported`, or the abort's reason.
 */
export async function connectMachine(
  target: SshTarget,
  identity: SshIdentity,
  pins: HostKeyPins,
  options: ConnectOptions = {},
): Promise<Machine> {
  const never = new AbortController().signal
  const signal = options.signal ?? never
  const hops = [...(target.jumps ?? []), target]
  const clients: Client[] = []
  try {
    for (const hop of hops) {
      const isTarget = hop === target
      clients.push(
        await connectHop(hop, identityOf(hop, target, identity), pins, {
          through: clients.at(-1),
          label: isTarget ? labelOf(hop) : `the jump host ${labelOf(hop)}`,
          readyTimeoutMs: options.readyTimeoutMs ?? 20_000,
          keepAlive: options.keepAlive ?? defaultKeepAlive,
          signal,
        }),
      )
    }
  } catch (error) {
    endAll(clients)
    throw error
  }
  return await SshMachine.start({
    label: labelOf(target),
    client: lastOf(clients),
    end: () => endAll(clients),
    another: async (again) =>
      await connectMachine(target, identity, pins, {
        ...options,
        ...(again === undefined ? {} : { signal: again }),
      }),
    signal,
  })
}

interface HopOptions extends Required<ConnectOptions> {
  readonly through: Client | undefined
  readonly label: string
}
type Hop = Pick<SshTarget, 'host' | 'port' | 'user' | 'hostKeys' | 'identityFile'>

async function connectHop(
  hop: Hop,
  identity: SshIdentity,
  pins: HostKeyPins,
  { through, label, signal, readyTimeoutMs, keepAlive }: HopOptions,
): Promise<Client> {
  const auth = await authentication(hop.user, identity)
  const check = await hostKeyCheck(knownHostsName(hop.host, hop.port), hop.hostKeys, pins)
  let stream
  try {
    stream = await (through === undefined
      ? openSocket(hop.host, hop.port, readyTimeoutMs, signal)
      : openTunnel(through, hop.host, hop.port))
  } catch (error) {
    if (signal.aborted) throw error
    throw connectionError(error as Error, { label, auth, check })
  }
  return await handshake(stream, {
    label,
    username: hop.user,
    auth,
    check,
    keepAlive,
    readyTimeoutMs,
    signal,
  })
}

function identityOf(hop: Hop, target: SshTarget, identity: SshIdentity): SshIdentity {
  const key = hop.identityFile ?? target.identityFile ?? identity.privateKeyPath
  const agent = target.useAgent === true ? identity.agentSocket : undefined
  return {
    ...(key === undefined ? {} : { privateKeyPath: key }),
    ...(agent === undefined ? {} : { agentSocket: agent }),
  }
}

/** `user@host:port`, IPv6 in brackets. */
export function labelOf({ user, host, port }: Pick<SshTarget, 'user' | 'host' | 'port'>): string {
  return `${user}@${host.includes(':') ? `[${host}]` : host}:${port}`
}

function endAll(clients: readonly Client[]): void {
  for (const client of clients.toReversed()) {
    client.on('error', () => undefined)
    client.end()
  }
}

function lastOf(clients: readonly Client[]): Client {
  const last = clients.at(-1)
  if (last === undefined) throw new SubletError('internal', 'A connection needs a target.')
  return last
}
