import { SubletError } from '../../domain/errors.ts'
import type { SshTarget } from '../../providers/provider.ts'
import type { Machine } from '../machine.ts'
import type { SshIdentity } from './authentication.ts'
import type { KeepAlive } from './connection.ts'
import type { Heard } from './fair-reading.ts'
import type { HostKeyPins } from './host-key-check.ts'
import { closeRoute, jumpHops, labelOf, openRoute } from './route.ts'
import { SshMachine } from './ssh-machine.ts'

export interface ConnectOptions {
  readonly signal?: AbortSignal
  /** For each hop: its TCP connection, and then its handshake and log-in, may take this long. */
  readonly readyTimeoutMs?: number
  readonly keepAlive?: KeepAlive
  /** Counts on; a new one by default. */
  readonly heard?: Heard
}

export const defaultReadyTimeoutMs = 20_000

/** A dead peer is noticed after four intervals. */
export const defaultKeepAlive: KeepAlive = { intervalMs: 11_000, count: 3 }

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
  const signal = options.signal ?? new AbortController().signal
  const own = identityFor(target, identity)
  const label = labelOf(target)
  const heard = options.heard ?? { bytes: 0 }
  const clients = await openRoute(
    [...jumpHops(target.jumps ?? [], own), { address: target, identity: own, label }],
    {
      pins,
      signal,
      readyTimeoutMs: options.readyTimeoutMs ?? defaultReadyTimeoutMs,
      keepAlive: options.keepAlive ?? defaultKeepAlive,
      heard,
    },
  )
  const client = clients.at(-1)
  if (client === undefined) throw new SubletError('internal', 'A route without a target.')
  return await SshMachine.start({
    label,
    client,
    heard,
    end: () => closeRoute(clients),
    another: async (again) => {
      const { signal: _first, ...rest } = options
      return await connectMachine(target, identity, pins, {
        ...rest,
        heard,
        ...(again === undefined ? {} : { signal: again }),
      })
    },
    signal,
  })
}

/** What of the identity may be used for this target. */
export function identityFor(target: SshTarget, identity: SshIdentity): SshIdentity {
  const key = target.identityFile ?? identity.privateKeyPath
  const agent = target.useAgent === true ? (target.agentSocket ?? identity.agentSocket) : undefined
  return {
    ...(key === undefined ? {} : { privateKeyPath: key }),
    ...(agent === undefined ? {} : { agentSocket: agent }),
  }
}
