import { readFile, rm } from 'node:fs/promises'
import type { RentalId } from '../../preload/contract/rental.ts'
import { SubletError } from '../domain/errors.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import { SharedConnection } from '../domain/shared-connection.ts'
import type { HomePaths } from '../jobs/home-paths.ts'
import type { RentalMachines } from '../jobs/ports.ts'
import { connectMachine } from '../machine/ssh/connect.ts'
import {
  fingerprint,
  generateKeyPair,
  knownHostsName,
  writePrivateKey,
} from '../machine/ssh/keys.ts'
import type { Machine } from '../machine/machine.ts'
import { KnownHostsPins } from './known-hosts-pins.ts'

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
    const target = rental.ssh
    if (target === null) {
      throw new SubletError('unreachable', `The machine of ${rental.id} has no address yet.`)
    }
    const pins = new KnownHostsPins(this.#paths.knownHosts(rental.id))
    const name = knownHostsName(target.host, target.port)
    // A key trusted on first use stays the machine's when the provider moves it.
    const keys = target.jumps === undefined ? await pins.all() : []
    for (const key of target.hostKeys.length > 0 ? target.hostKeys : keys) await pins.pin(name, key)
    const agentSocket = target.useAgent === true ? this.#agentSocket() : undefined
    try {
      return await connectMachine(
        target,
        {
          privateKeyPath: this.#paths.rentalKey(rental.id),
          ...(agentSocket === undefined ? {} : { agentSocket }),
        },
        pins,
        { signal },
      )
    } catch (thrown) {
      throw forRented(thrown, rental)
    }
  }
}

/** Nobody can confirm the new key of a rented machine, so the advice for own hosts is of no use. */
function forRented(thrown: unknown, { offer }: RentalRecord): unknown {
  if (!(thrown instanceof SubletError) || thrown.code !== 'host-key') return thrown
  if (offer.providerId === 'host') return thrown
  return new SubletError(
    'host-key',
    `The ${offer.machineType} at ${offer.providerId} no longer shows the host key that was trusted, so nothing more is sent to it: run the job again on another machine, and tell the provider if it happens twice.`,
    { ...thrown.extras, cause: thrown },
  )
}
