import { Client, type ServerHostKeyAlgorithm } from 'ssh2'
import { SubletError } from '../../domain/errors.ts'
import type { SshJump } from '../../providers/provider.ts'
import type { SshIdentity } from './authentication.ts'
import { defaultKeepAlive, defaultReadyTimeoutMs } from './connect.ts'
import { connectionError } from './connection-errors.ts'
import { HostKeyCheck, type HostKeyPins } from './host-key-check.ts'
import { keyFromBlob, knownHostsName } from './keys.ts'
import { closeRoute, jumpHops, openRoute, openStream } from './route.ts'

/** One question per kind of key, as ssh-keyscan does it. */
const kinds: readonly (readonly ServerHostKeyAlgorithm[])[] = [
  ['ssh-ed25519'],
  ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  ['rsa-sha2-512', 'rsa-sha2-256'],
]

/** The way to a host that cannot be reached directly. */
export interface ScanRoute {
  readonly jumps: readonly SshJump[]
  readonly identity: SshIdentity
  readonly pins: HostKeyPins
}

/**
 * The host keys that a server shows, ed25519 first, for the user to compare before trusting one.
 * Nothing is sent after the key. Errors: `unreachable`, and those of the jumps.
 */
export async function scanHostKeys(
  host: string,
  port: number,
  signal: AbortSignal,
  route?: ScanRoute,
): Promise<readonly string[]> {
  const times = { signal, readyTimeoutMs: defaultReadyTimeoutMs, keepAlive: defaultKeepAlive }
  const clients =
    route === undefined
      ? []
      : await openRoute(jumpHops(route.jumps, route.identity), { ...times, pins: route.pins })
  try {
    const keys: string[] = []
    for (const algorithms of kinds) {
      const key = await askForKey(algorithms, clients.at(-1), host, port, times)
      if (key !== null) keys.push(key)
    }
    if (keys.length > 0) return keys
    throw new SubletError('unsupported', `${host}:${port} shows no SSH host key that Sublet knows.`)
  } finally {
    closeRoute(clients)
  }
}

async function askForKey(
  algorithms: readonly ServerHostKeyAlgorithm[],
  through: Client | undefined,
  host: string,
  port: number,
  times: { readonly signal: AbortSignal; readonly readyTimeoutMs: number },
): Promise<string | null> {
  const client = new Client()
  const done = new AbortController()
  try {
    const stream = await openStream(through, host, port, times)
    return await new Promise((resolve, reject) => {
      client.on('error', (error) => {
        if (/no matching host key/i.test(error.message)) resolve(null)
        else reject(error)
      })
      client.once('close', () => reject(new Error('Connection lost before handshake')))
      times.signal.addEventListener('abort', () => reject(times.signal.reason as Error), {
        once: true,
        signal: done.signal,
      })
      client.connect({
        sock: stream,
        username: 'sublet',
        algorithms: { serverHostKey: [...algorithms] },
        hostVerifier: (key: Buffer) => {
          resolve(keyFromBlob(key))
          return false
        },
        readyTimeout: times.readyTimeoutMs,
      })
    })
  } catch (error) {
    if (times.signal.aborted) throw error
    const label = knownHostsName(host, port)
    throw connectionError(error as Error, {
      label,
      auth: { methods: [], tried: [] },
      check: unchecked(label),
    })
  } finally {
    done.abort()
    client.destroy()
  }
}

/** A scan trusts nothing and pins nothing. */
function unchecked(label: string): HostKeyCheck {
  return new HostKeyCheck(label, [], { expected: async () => [], pin: async () => undefined })
}
