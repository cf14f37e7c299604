import { mkdir, readFile, rm } from 'node:fs/promises'
import type { HostKey, RentalId } from '../../preload/contract/rental.ts'
import { SubletError } from '../domain/errors.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import { SharedConnection } from '../domain/shared-connection.ts'
import type { HomePaths } from '../jobs/home-paths.ts'
import type { RentalMachines } from '../jobs/ports.ts'
import { connectMachine } from '../machine/ssh/connect.ts'
import { renewHostKey } from '../machine/host-key/renew.ts'
import {
  fingerprint,
  generateKeyPair,
  keyPairOf,
  knownHostsName,
  writePrivateKey,
  type KeyPair,
} from '../machine/ssh/keys.ts'
import type { Machine } from '../machine/machine.ts'
import type { SshTarget } from '../providers/provider.ts'
import { KnownHostsPins } from './known-hosts-pins.ts'
import { replaceFile } from './replace-file.ts'

/** One shared SSH connection per rental, with the rental's own key; made again after a cut. */
export class SshRentalMachines implements RentalMachines {
  readonly #paths: HomePaths
  /** SSH_AUTH_SOCK of the last client that asked, for own hosts that use the agent. */
  readonly #agentSocket: () => string | undefined
  readonly #live = new Map<RentalId, SharedConnection<Machine>>()

  constructor(paths: HomePaths, agentSocket: () => string | undefined) {
    this.#paths = paths
    this.#agentSocket = agentSocket
  }

  async publicKey(rentalId: RentalId): Promise<string> {
    const path = this.#paths.rentalKey(rentalId)
    const known = await readFile(`${path}.pub`, 'utf8').catch(() => null) // Not made yet.
    if (known !== null) return known.trim()
    const pair = generateKeyPair(rentalId)
    await writePrivateKey(path, pair.privateKey)
    await writePrivateKey(`${path}.pub`, pair.publicKey)
    return pair.publicKey
  }

  async injectedHostKey(rentalId: RentalId): Promise<KeyPair> {
    const known = await this.#injected(rentalId)
    if (known !== null) return known
    const { privateKey } = generateKeyPair(rentalId)
    await mkdir(this.#paths.rental(rentalId), { recursive: true, mode: 0o700 })
    await replaceFile(this.#paths.injectedHostKey(rentalId), privateKey, 0o600)
    return keyPairOf(privateKey)
  }

  async renewHostKey(rental: RentalRecord, signal: AbortSignal): Promise<Omit<HostKey, 'from'>> {
    const target = addressOf(rental)
    const injected = await this.injectedHostKey(rental.id)
    const pins = new KnownHostsPins(this.#paths.knownHosts(rental.id))
    const name = knownHostsName(target.host, target.port)
    try {
      const { key, keptBecause } = await renewHostKey({
        machine: await this.connect(rental, signal),
        injected: injected.publicKey,
        trusted: () => pins.all(),
        trust: (key) => pins.pin(name, key),
        trustOnly: (key) => pins.pinOnly(name, key),
        prove: async (key) => {
          const machine = await this.#open({ ...target, hostKeys: [key] }, rental, pins, signal)
          machine.close()
        },
        signal,
      })
      return { fingerprint: fingerprint(key), keptBecause }
    } finally {
      // What is done from now on goes over connections that have shown a key that is still trusted.
      this.drop(rental.id)
    }
  }

  async connect(rental: RentalRecord, signal: AbortSignal): Promise<Machine> {
    const shared = this.#live.get(rental.id) ?? new SharedConnection<Machine>()
    this.#live.set(rental.id, shared)
    return await shared.get(signal, async () => await this.#connect(rental, signal))
  }

  async fingerprint(rentalId: RentalId): Promise<string | null> {
    const text = await readFile(this.#paths.knownHosts(rentalId), 'utf8').catch(() => '') // None yet.
    const line = text.trim().split('\n').at(-1) ?? ''
    const key = line.slice(line.indexOf(' ') + 1)
    return key === '' ? null : fingerprint(key)
  }

  drop(rentalId: RentalId): void {
    this.#live.get(rentalId)?.drop()
    this.#live.delete(rentalId)
  }

  async forget(rentalId: RentalId): Promise<void> {
    this.drop(rentalId)
    await rm(this.#paths.rental(rentalId), { recursive: true, force: true })
  }

  async #connect(rental: RentalRecord, signal: AbortSignal): Promise<Machine> {
    const target = addressOf(rental)
    const pins = new KnownHostsPins(this.#paths.knownHosts(rental.id))
    const name = knownHostsName(target.host, target.port)
    for (const key of await this.#expected(rental, target, pins)) await pins.pin(name, key)
    try {
      return await this.#open(target, rental, pins, signal)
    } catch (thrown) {
      throw forRented(thrown, rental)
    }
  }

  /** What is trusted before anything was seen: published, or seen elsewhere, or sent along. */
  async #expected(
    { id }: RentalRecord,
    { hostKeys, jumps }: SshTarget,
    pins: KnownHostsPins,
  ): Promise<readonly string[]> {
    if (hostKeys.length > 0) return hostKeys
    // The file of one behind jumps holds their keys too.
    if (jumps !== undefined) return []
    // A key that is trusted stays the machine's when the provider moves it.
    const known = await pins.all()
    if (known.length > 0) return known
    const injected = await this.#injected(id)
    return injected === null ? [] : [injected.publicKey]
  }

  async #open(
    target: SshTarget,
    { id }: RentalRecord,
    pins: KnownHostsPins,
    signal: AbortSignal,
  ): Promise<Machine> {
    const agentSocket = target.useAgent === true ? this.#agentSocket() : undefined
    const identity = {
      privateKeyPath: this.#paths.rentalKey(id),
      ...(agentSocket === undefined ? {} : { agentSocket }),
    }
    return await connectMachine(target, identity, pins, { signal })
  }

  async #injected(rentalId: RentalId): Promise<KeyPair | null> {
    const path = this.#paths.injectedHostKey(rentalId)
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      // Without it the first key that is seen would be trusted.
      throw error
    })
    return text === null ? null : keyPairOf(text)
  }
}

function addressOf({ id, ssh }: RentalRecord): SshTarget {
  if (ssh !== null) return ssh
  throw new SubletError('unreachable', `The machine of ${id} has no address yet.`)
}

/** Nobody can confirm the new key of a rented machine, so the advice for own hosts is of no use. */
function forRented(thrown: unknown, { offer, hostKey }: RentalRecord): unknown {
  if (!(thrown instanceof SubletError) || thrown.code !== 'host-key') return thrown
  if (offer.providerId === 'host') return thrown
  const shows = hostKey === null ? 'does not show the host key' : 'no longer shows the host key'
  return new SubletError(
    'host-key',
    `The ${offer.machineType} at ${offer.providerId} ${shows} that is trusted, so nothing more is sent to it: run the job again on another machine, and tell the provider if it happens twice.`,
    { ...thrown.extras, cause: thrown },
  )
}
