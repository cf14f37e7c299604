import { setTimeout as delay } from 'node:timers/promises'
import { SubletError } from '../../domain/errors.ts'
import type { Machine } from '../machine.ts'
import { installHostKey, makeHostKey, type HostKeyAnswer } from './ask.ts'

export interface HostKeyRenewal {
  /** A connection that is open. */
  readonly machine: Machine
  /** Public half of the key that came with the launch. */
  readonly injected: string
  /** Every key of this machine that is trusted now. */
  readonly trusted: () => Promise<readonly string[]>
  /** Trusts one more, durably. */
  readonly trust: (key: string) => Promise<void>
  /** Trusts this one and no other, durably. */
  readonly trustOnly: (key: string) => Promise<void>
  /** Makes a connection that accepts this key alone, and ends it; the errors of `connectMachine`. */
  readonly prove: (key: string) => Promise<void>
  readonly signal: AbortSignal
}

/** The key that the machine shows now; null in `keptBecause` where that is a new one. */
export interface Renewed {
  readonly key: string
  readonly keptBecause: string | null
}

/**
 * A server that reads its keys again is away for a moment. Few tries: OpenSSH shuts out for a while
 * whoever hangs up again and again before the log-in.
 */
const pausesMs = [100, 200, 400, 800, 1_600, 3_200, 6_400]

/**
 * Replaces an injected host key, which whoever reads the machine's user data has too, by one that
 * was made on the machine. Both are trusted until a new connection has shown the new one: killed
 * between any two lines, the next call goes on, and no key is shown that is not trusted. Errors:
 * `unreachable` where that is not known.
 */
export async function renewHostKey(renewal: HostKeyRenewal): Promise<Renewed> {
  const { machine, injected, signal } = renewal
  const answer = await makeHostKey(machine, injected, signal)
  const fresh = await freshKey(answer, renewal)
  const keeps = (keptBecause: string): Renewed => ({ key: injected, keptBecause })
  if (fresh.kind === 'none') return keeps(fresh.because)
  await renewal.trust(fresh.key)
  const installed = await installHostKey(machine, { old: injected, fresh: fresh.key }, signal)
  if (installed.kind !== 'installed') {
    return keeps(installed.kind === 'cannot' ? installed.because : 'its answer cannot be read')
  }
  // Both stay trusted: it may yet read the new one.
  if (!(await proves(renewal, fresh.key))) return keeps('its SSH server goes on with the old one')
  await renewal.trustOnly(fresh.key)
  return { key: fresh.key, keptBecause: null }
}

async function freshKey(
  answer: HostKeyAnswer,
  { injected, trusted }: HostKeyRenewal,
): Promise<
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'none'; readonly because: string }
> {
  switch (answer.kind) {
    case 'made':
      return { kind: 'key', key: answer.key }
    case 'replaced-before':
      // An earlier call came that far. Any other key is somebody else's doing.
      return (await trusted()).includes(answer.key) && answer.key !== injected
        ? { kind: 'key', key: answer.key }
        : { kind: 'none', because: 'its key file holds another one' }
    case 'cannot':
      return { kind: 'none', because: answer.because }
    case 'installed':
      return { kind: 'none', because: 'it does not say which key it has made' }
  }
}

/** False where the machine goes on showing the injected key. */
async function proves({ prove, signal }: HostKeyRenewal, key: string): Promise<boolean> {
  for (const pauseMs of [...pausesMs, null]) {
    try {
      await prove(key)
      return true
    } catch (thrown) {
      signal.throwIfAborted()
      const code = thrown instanceof SubletError ? thrown.code : null
      if (code !== 'unreachable' && code !== 'host-key') throw thrown
      if (pauseMs === null && code === 'unreachable') throw thrown
    }
    if (pauseMs !== null) await delay(pauseMs, undefined, { signal })
  }
  return false
}
