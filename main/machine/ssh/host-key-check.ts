import type { ServerHostKeyAlgorithm } from 'ssh2'
import { SubletError } from '../../domain/errors.ts'
import { fingerprint, keyFromBlob, normaliseKey } from './keys.ts'

/** Where host keys trusted on first use are kept. `hostLabel` is as in known_hosts. */
export interface HostKeyPins {
  /** Keys pinned before; empty when the host was never seen. */
  expected(hostLabel: string): Promise<readonly string[]>
  /** Remembers the key of a host seen for the first time. */
  pin(hostLabel: string, key: string): Promise<void>
}

const defaultAlgorithms: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

/**
 * Algorithms to ask the server for, so that it shows a key of a type that we know: a server has
 * several keys, and the wrong one of them would look like a changed host.
 */
export function hostKeyAlgorithms(expected: readonly string[]): ServerHostKeyAlgorithm[] {
  const types = expected.map((key) => normaliseKey(key).split(' ')[0])
  const wanted = defaultAlgorithms.filter((algorithm) =>
    types.includes(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm),
  )
  return wanted.length > 0 ? wanted : [...defaultAlgorithms]
}

/** Decides about the keys of one host. With no expected key, the first one seen is pinned. */
export class HostKeyCheck {
  readonly expected: readonly string[]
  readonly #hostLabel: string
  readonly #pins: HostKeyPins
  /** Why the key was refused; set before the handshake fails. */
  failure: SubletError | null = null
  #firstSeen: string | null = null

  constructor(hostLabel: string, expected: readonly string[], pins: HostKeyPins) {
    this.#hostLabel = hostLabel
    this.expected = expected.map(normaliseKey)
    this.#pins = pins
  }

  /**
   * Whether the key that the server proved to hold is the right one. Asked again at every
   * re-keying, where only an answer at once keeps ssh2 from sending data under the old key.
   */
  accepts(blob: Buffer): boolean | Promise<boolean> {
    const shown = keyFromBlob(blob)
    const known = this.#firstSeen === null ? this.expected : [this.#firstSeen]
    if (known.includes(shown)) return true
    if (known.length === 0) return this.#pinFirst(shown)
    this.failure = changedHostKey(this.#hostLabel, known, shown)
    return false
  }

  async #pinFirst(shown: string): Promise<boolean> {
    try {
      await this.#pins.pin(this.#hostLabel, shown)
    } catch (error) {
      this.failure = new SubletError(
        'host-key',
        `The host key of ${this.#hostLabel} (${fingerprint(shown)}) could not be remembered, so the connection was refused; check that Sublet can write its folder and try again.`,
        { cause: error },
      )
      return false
    }
    this.#firstSeen = shown
    return true
  }
}

/** Keys the caller knows win; else the pinned ones; else the host is new. */
export async function hostKeyCheck(
  hostLabel: string,
  published: readonly string[],
  pins: HostKeyPins,
): Promise<HostKeyCheck> {
  const expected = published.length > 0 ? published : await pins.expected(hostLabel)
  return new HostKeyCheck(hostLabel, expected, pins)
}

function changedHostKey(host: string, known: readonly string[], shown: string): SubletError {
  const trusted = known.map(fingerprint)
  return new SubletError(
    'host-key',
    `${host} showed the host key ${fingerprint(shown)}, but ${trusted.join(' or ')} is trusted: nothing was sent to it. If its owner confirms the new key, trust it by adding the host once more with sublet hosts add; if not, somebody may be intercepting the connection.`,
    { details: { host, shown: fingerprint(shown), trusted } },
  )
}

/** The server offers no key of a trusted type any more. */
export function missingHostKeyType(host: string, known: readonly string[]): SubletError {
  return new SubletError(
    'host-key',
    `${host} no longer offers a host key of the type that is trusted (${known.map(fingerprint).join(', ')}): nothing was sent to it. If its owner confirms the change, trust it by adding the host once more with sublet hosts add.`,
    { details: { host, trusted: known.map(fingerprint) } },
  )
}
