import type { Offer, OfferQuery } from '../../../preload/contract/offer.ts'
import type { Billable } from '../../../preload/contract/rental.ts'
import { SubletError } from '../../domain/errors.ts'
import type { Machine } from '../../machine/machine.ts'
import type {
  Account,
  AccountStatus,
  Instance,
  LaunchRequest,
  ProviderContext,
  ProviderSession,
  ReleaseOutcome,
  RentalRef,
  SshTarget,
} from '../provider.ts'
import { claimCommand, claimIn, readClaimCommand, saysGone, type Claim } from './claims.ts'
import type { HostConnector } from './connector.ts'
import { inventoryCommand, parseInventory, type Inventory } from './inventory.ts'
import { KeptMachine } from './kept-machine.ts'
import { freeGpus, freeSlots, hostOffers, shareOfRate } from './offers.ts'
import { releaseOutcome } from './release-outcome.ts'
import { releaseScript, selfReleaseCommand } from './release-script.ts'
import { readHostSettings, type HostSettings } from './settings.ts'
import { billablesOf, describeInventory } from './words.ts'

const answerTimeoutMs = 30_000
/** Stopping waits for the job's grace; a slow disk may take long to delete. */
const releaseTimeoutMs = 300_000

/** One own host. Every call asks the machine itself; it keeps nothing but a connection. */
export class HostSession implements ProviderSession {
  readonly #account: Account
  readonly #context: ProviderContext
  readonly #connector: HostConnector
  readonly #settings: HostSettings
  readonly #machine: KeptMachine

  constructor(
    account: Account,
    context: ProviderContext,
    connector: HostConnector,
    keepMs: number,
  ) {
    this.#account = account
    this.#context = context
    this.#connector = connector
    this.#settings = readHostSettings(account)
    this.#machine = new KeptMachine(async (signal) => {
      const agentSocket = context.environment['SSH_AUTH_SOCK']
      return await connector.connect(await this.#target(), { signal, agentSocket })
    }, keepMs)
  }

  async check(signal: AbortSignal): Promise<AccountStatus> {
    try {
      return await this.#machine.use(signal, async (machine) => {
        const message = describeInventory(await this.#inventory(machine, signal))
        return { ok: true, identity: machine.label, message, balanceMicros: null }
      })
    } catch (error) {
      if (!(error instanceof SubletError)) throw error
      const identity = this.#settings.address
      return { ok: false, identity, message: error.message, balanceMicros: null, code: error.code }
    }
  }

  async *offers(_query: OfferQuery, signal: AbortSignal): AsyncIterable<Offer> {
    const inventory = await this.#read(signal)
    yield* hostOffers(inventory, {
      accountId: this.#account.id,
      name: this.#account.name,
      rateMicrosPerHour: this.#settings.rateMicrosPerHour,
      maxRentals: this.#settings.maxRentals,
      fetchedAt: this.#context.clock.now(),
    })
  }

  async launch(request: LaunchRequest, signal: AbortSignal): Promise<Instance> {
    const { rentalId, offer } = request
    if (offer.microsPerHour > request.maxMicrosPerHour) {
      throw new SubletError(
        'price-moved',
        `The rate of ${this.#account.name} is above the ceiling.`,
      )
    }
    return await this.#machine.use(signal, async (machine) => {
      const inventory = await this.#inventory(machine, signal)
      const count = request.gpus?.length ?? offer.gpu?.count ?? 1
      const candidates = this.#candidates(request, inventory)
      const homeId = this.#context.homeId
      const command = claimCommand({ rentalId, homeId, count, candidates })
      const answer = await this.#ask(machine, command, signal)
      const claim = claimIn(answer)
      if (saysGone(answer)) {
        throw new SubletError('conflict', `${rentalId} on ${machine.label} was already given back.`)
      }
      if (claim === null) throw this.#noCapacity(count, candidates.length, offer)
      return await this.#instance(claim, inventory.gpus.length)
    })
  }

  async describe(rental: RentalRef, signal: AbortSignal): Promise<Instance> {
    return await this.#machine.use(signal, async (machine) => {
      const answer = await this.#ask(machine, readClaimCommand(rental.rentalId), signal)
      const claim = claimIn(answer)
      if (claim !== null) {
        const { gpus } = await this.#inventory(machine, signal)
        return await this.#instance(claim, gpus.length)
      }
      if (!rental.seen) {
        throw new SubletError('not-found', `${machine.label} has no claim of ${rental.rentalId}.`)
      }
      return this.#gone(rental)
    })
  }

  async *list(signal: AbortSignal): AsyncIterable<Billable> {
    const { name, id: accountId } = this.#account
    const { rateMicrosPerHour } = this.#settings
    yield* billablesOf(await this.#read(signal), { name, accountId, rateMicrosPerHour })
  }

  async release(rental: RentalRef, signal: AbortSignal): Promise<ReleaseOutcome> {
    return await this.#machine.use(signal, async (machine) => {
      const answer = await this.#ask(
        machine,
        releaseScript(rental.rentalId),
        signal,
        releaseTimeoutMs,
      )
      return releaseOutcome(answer, {
        label: machine.label,
        rentalId: rental.rentalId,
        accountId: this.#account.id,
        now: this.#context.clock.now(),
      })
    })
  }

  readonly selfTerminateCommand = (rental: RentalRef): string => selfReleaseCommand(rental.rentalId)

  async #target(): Promise<SshTarget> {
    const { address, identityFile, hostKeys } = this.#settings
    return await this.#connector.resolve(address, { identityFile, hostKeys })
  }

  async #read(signal: AbortSignal): Promise<Inventory> {
    return await this.#machine.use(
      signal,
      async (machine) => await this.#inventory(machine, signal),
    )
  }

  async #inventory(machine: Machine, signal: AbortSignal): Promise<Inventory> {
    return parseInventory(await this.#ask(machine, inventoryCommand, signal), machine.label)
  }

  async #ask(
    machine: Machine,
    command: string,
    signal: AbortSignal,
    timeoutMs = answerTimeoutMs,
  ): Promise<string> {
    const { exitCode, stdout, stderr } = await machine.exec(command, { signal, timeoutMs })
    if (exitCode === 0) return stdout
    if (exitCode === 73) {
      throw new SubletError(
        'permission',
        `Cannot write in ${machine.home}/.sublet on ${machine.label}; make room there, or correct its owner.`,
        { nativeCode: stderr.slice(0, 300) },
      )
    }
    throw new SubletError('unavailable', `A command on ${machine.label} failed; try again.`, {
      nativeCode: `exit ${exitCode}: ${stderr.slice(0, 300)}`,
    })
  }

  #candidates(request: LaunchRequest, inventory: Inventory): string[] {
    const { gpu } = request.offer
    if (gpu === null) return freeSlots(inventory, this.#settings.maxRentals)
    const free = freeGpus(inventory, gpu).map(({ index }) => index)
    return (request.gpus ?? free).filter((index) => free.includes(index)).map(String)
  }

  async #instance(claim: Claim, gpusOfHost: number): Promise<Instance> {
    const { gpuIndices, rentalId } = claim
    const rate = this.#settings.rateMicrosPerHour
    return {
      rentalId,
      instanceId: rentalId,
      state: 'running',
      message: null,
      ssh: await this.#target(),
      microsPerHour: gpusOfHost === 0 ? rate : shareOfRate(rate, gpuIndices.length, gpusOfHost),
      gpuIndices: gpuIndices.length === 0 ? null : gpuIndices,
      // The host has its own clock, and no meter: the engine counts, in its time, from launch to gone.
      billedFrom: null,
      reclaimAt: null,
    }
  }

  #gone({ rentalId }: RentalRef): Instance {
    return {
      rentalId,
      instanceId: rentalId,
      state: 'gone',
      message: `${this.#account.name} no longer knows this rental.`,
      ssh: null,
      microsPerHour: 0,
      gpuIndices: null,
      billedFrom: null,
      reclaimAt: null,
    }
  }

  #noCapacity(wanted: number, free: number, { gpu }: Offer): SubletError {
    const { name } = this.#account
    return new SubletError(
      'no-capacity',
      gpu === null
        ? `${name} already runs as many jobs as it may (${this.#settings.maxRentals}); wait for one to end.`
        : `${name} has ${free} free ${gpu.name}, and ${wanted} are needed; wait for a job on it to end, or ask for fewer.`,
    )
  }
}
