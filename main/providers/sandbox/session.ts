import { rentalIdSchema } from '../../../preload/contract/rental.ts'
import type { Billable, RentalId } from '../../../preload/contract/rental.ts'
import type { Offer, OfferQuery } from '../../../preload/contract/offer.ts'
import { SubletError } from '../../domain/errors.ts'
import type {
  Account,
  AccountStatus,
  BillableOutcome,
  BillableRef,
  Instance,
  LaunchRequest,
  ProviderContext,
  ProviderSession,
  RentalRef,
  ReleaseOutcome,
} from '../provider.ts'
import type { SandboxApi } from './api.ts'
import { releaseById } from './release-by-id.ts'
import { releaseRental } from './release.ts'
import { isAsleep } from './status.ts'
import {
  expirySchema,
  wireAccountSchema,
  wireBillableSchema,
  wireMachineSchema,
  wireOfferSchema,
} from './wire.ts'
import type { WireMachine, WireOffer } from './wire.ts'

const offersPerPage = 1_000

/** The tag that says which Sublet home rented a machine. */
const homeTag = 'sublet-home'

const pathOf = (rental: RentalRef): string =>
  `/v1/machines/${encodeURIComponent(rental.instanceId ?? rental.rentalId)}`

/** A session with the sandbox, which starts by the first call. */
export class SandboxSession implements ProviderSession {
  readonly #api: SandboxApi
  readonly #account: Account
  readonly #context: ProviderContext
  readonly expiry: NonNullable<ProviderSession['expiry']>
  readonly isAsleep = (): boolean => isAsleep(this.#context.stateDir)
  readonly selfTerminateCommand = (): string => 'sandbox-self-terminate'

  constructor(api: SandboxApi, account: Account, context: ProviderContext) {
    this.#api = api
    this.#account = account
    this.#context = context
    this.expiry = {
      set: async (rental, endBy, signal) => {
        const path = `${pathOf(rental)}/expiry`
        await api.call(
          expirySchema,
          { method: 'PUT', path, body: { expiresAt: Math.round(endBy) } },
          signal,
        )
      },
      read: async (rental, signal) =>
        (await api.call(expirySchema, { method: 'GET', path: `${pathOf(rental)}/expiry` }, signal))
          .expiresAt,
    }
  }

  async check(signal: AbortSignal): Promise<AccountStatus> {
    try {
      const { identity, balanceMicros } = await this.#api.call(
        wireAccountSchema,
        { method: 'GET', path: '/v1/account' },
        signal,
      )
      return {
        ok: true,
        identity,
        message: 'The sandbox is ready; its machines and money are simulated.',
        balanceMicros,
      }
    } catch (error) {
      if (!(error instanceof SubletError) || (error.code !== 'auth' && error.code !== 'permission'))
        throw error
      return { ok: false, identity: 'sandbox', message: error.message, balanceMicros: null }
    }
  }

  async *offers(_query: OfferQuery, signal: AbortSignal): AsyncIterable<Offer> {
    const rows = this.#api.pages(wireOfferSchema, '/v1/offers', signal, offersPerPage)
    for await (const row of rows) yield this.#offer(row)
  }

  async launch(request: LaunchRequest, signal: AbortSignal): Promise<Instance> {
    const { offer, environment } = request
    const body = {
      name: request.rentalId,
      type: offer.machineType,
      region: offer.region,
      spot: offer.spot,
      publicKey: request.publicKey,
      tags: { [homeTag]: this.#context.homeId },
      diskGiB: request.diskGiB > 0 ? request.diskGiB : null,
      maxMicrosPerHour: Math.floor(request.maxMicrosPerHour),
      expiresAt: Math.round(request.endBy),
      image: environment.kind === 'image' ? environment.image : null,
      userData: request.userData ?? null,
    }
    const machine = await this.#api.call(
      wireMachineSchema,
      { method: 'POST', path: '/v1/machines', body },
      signal,
    )
    return instanceOf(request.rentalId, machine)
  }

  async describe(rental: RentalRef, signal: AbortSignal): Promise<Instance> {
    const machine = await this.#api.call(
      wireMachineSchema,
      { method: 'GET', path: pathOf(rental) },
      signal,
    )
    return instanceOf(rental.rentalId, machine)
  }

  async *list(signal: AbortSignal): AsyncIterable<Billable> {
    for await (const row of this.#api.pages(wireBillableSchema, '/v1/billables', signal)) {
      const rentalId = rentalIdSchema.safeParse(row.name)
      yield {
        kind: row.kind,
        providerId: this.#account.providerId,
        accountId: this.#account.id,
        nativeId: row.id,
        name: row.name,
        rentalId: rentalId.success ? rentalId.data : null,
        homeId: row.tags[homeTag] ?? null,
        state: row.state,
        region: row.region,
        microsPerHour: row.microsPerHour,
        createdAt: row.createdAt,
        belongsTo: row.machineId,
      }
    }
  }

  releaseBillable(target: BillableRef, signal: AbortSignal): Promise<BillableOutcome> {
    return releaseById(this.#api, this.#context.clock, target, signal)
  }

  release(rental: RentalRef, signal: AbortSignal): Promise<ReleaseOutcome> {
    return releaseRental(this.#api, this.#account, this.#context.clock, rental, signal)
  }

  #offer(row: WireOffer): Offer {
    const { providerId, id } = this.#account
    return {
      id: `${providerId}:${id}:${row.type}:${row.region}:${row.spot ? 'spot' : 'od'}`,
      providerId,
      accountId: id,
      machineType: row.type,
      region: row.region,
      gpu: row.gpu,
      vcpus: row.vcpus,
      memoryGiB: row.memoryGiB,
      diskGiB: row.diskGiB,
      arch: row.arch,
      spot: row.spot,
      microsPerHour: row.microsPerHour,
      billing: row.terms,
      availability: row.available > 0 ? 'available' : 'none',
      expectedBootMs: row.bootMs,
      fetchedAt: this.#context.clock.now(),
      source: 'live',
      simulated: true,
    }
  }
}

const states = {
  booting: 'pending',
  running: 'running',
  releasing: 'stopping',
  ended: 'gone',
  failed: 'failed',
} as const

function instanceOf(rentalId: RentalId, machine: WireMachine): Instance {
  return {
    rentalId,
    instanceId: machine.id,
    state: states[machine.state],
    message: machine.message,
    ssh: machine.ssh,
    microsPerHour: machine.microsPerHour,
    gpuIndices: null,
    billedFrom: machine.billing.billedFrom,
    reclaimAt: machine.reclaimAt,
    expiresAt: machine.expiresAt,
  }
}
