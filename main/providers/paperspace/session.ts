import type { Offer, OfferQuery } from '../../../preload/contract/offer.ts'
import type { Billable } from '../../../preload/contract/rental.ts'
import { SubletError } from '../../domain/errors.ts'
import type { LaunchOnce } from '../launch-once.ts'
import type {
  AccountStatus,
  BillableOutcome,
  BillableRef,
  Instance,
  LaunchRequest,
  ProviderSession,
  ReleaseOutcome,
  RentalRef,
} from '../provider.ts'
import { refusedAccount } from '../refused-account.ts'
import { releaseListed } from '../release-listed.ts'
import { releaseRental } from '../release-rental.ts'
import { rowsOf } from './api.ts'
import { keyRefused } from './errors.ts'
import { instanceOf } from './instance.ts'
import { giveBackIfDearer, isAvailable, launchMachine, machineNamed } from './launch.ts'
import { listBillables, listRented } from './list.ts'
import { offerOf, regions } from './offers.ts'
import type { CloudPlace } from '../http/place.ts'
import type { Rates } from './rates.ts'
import { releaseParts, type EndingParts } from './release.ts'
import { templatesByType } from './templates.ts'
import { eventsSchema, sessionSchema, wireMachineSchema } from './wire.ts'

export interface PaperspaceParts extends EndingParts {
  readonly place: CloudPlace
  readonly once: LaunchOnce
  readonly rates: Rates
}

/** A session with one Paperspace team. */
export class PaperspaceSession implements ProviderSession {
  readonly #parts: PaperspaceParts

  constructor(parts: PaperspaceParts) {
    this.#parts = parts
  }

  async check(signal: AbortSignal): Promise<AccountStatus> {
    const { api, account } = this.#parts
    const whose = `Paperspace team of ${account.name}`
    try {
      const path = '/auth/session'
      const session = await api.call(sessionSchema, { method: 'GET', path }, signal)
      if (session === null) throw new SubletError('auth', keyRefused)
      const { user, team } = session
      const identity = `${user.email}, team ${team.namespace}`
      const message = `The key works, for ${team.maxMachines} machines at once. Paperspace tells no balance: it bills each month.`
      return { ok: true, identity, message, balanceMicros: null }
    } catch (thrown) {
      return refusedAccount(thrown, whose)
    }
  }

  /** What is to be had right now is asked for a chosen type only: the API answers one pair at a time. */
  async *offers(query: OfferQuery, signal: AbortSignal): AsyncIterable<Offer> {
    const { api, account, rates } = this.#parts
    for (const [label, template] of await templatesByType(api, signal)) {
      const rate = rates.of(label)
      if (rate === null || (query.machineType ?? label) !== label) continue
      for (const region of regions) {
        if (query.region !== undefined && query.region !== region) continue
        const isToBeHad =
          query.machineType === undefined ? null : await isAvailable(api, label, region, signal)
        const availability =
          isToBeHad === null ? 'unknown' : isToBeHad ? 'available' : ('none' as const)
        const offer = offerOf(label, region, availability, template, rate, query, account)
        if (offer !== null) yield offer
      }
    }
  }

  /** Paperspace knows no launch token: a machine of that name is taken for the one asked for. */
  launch(request: LaunchRequest, signal: AbortSignal): Promise<Instance> {
    const { api, context, once, place, rates } = this.#parts
    const { rentalId } = request
    const now = () => context.clock.now()
    return once.run(rentalId, async () => {
      const machine =
        (await machineNamed(api, rentalId, signal)) ??
        (await launchMachine(api, request, rates, now, signal))
      await giveBackIfDearer(api, request, machine, signal)
      return instanceOf(rentalId, machine, place, now())
    })
  }

  async describe(rental: RentalRef, signal: AbortSignal): Promise<Instance> {
    const { context, place } = this.#parts
    const machine = await this.#find(rental, signal)
    if (machine === null) {
      throw new SubletError('not-found', `Paperspace knows no machine ${rental.rentalId}.`)
    }
    const instance = instanceOf(rental.rentalId, machine, place, context.clock.now())
    if (instance.state !== 'pending') return instance
    const message = await this.#failure(machine.id, signal)
    return message === null ? instance : { ...instance, state: 'failed', message }
  }

  list(signal: AbortSignal): AsyncIterable<Billable> {
    const { api, account } = this.#parts
    return listBillables(api, account, signal)
  }

  release(rental: RentalRef, signal: AbortSignal): Promise<ReleaseOutcome> {
    const { api, account } = this.#parts
    return releaseRental(
      {
        ...releaseParts(this.#parts, signal),
        listing: 'GET /machines, GET /public-ips',
        list: () => listRented(api, account, signal),
      },
      rental,
    )
  }

  releaseBillable(target: BillableRef, signal: AbortSignal): Promise<BillableOutcome> {
    return releaseListed(
      {
        ...releaseParts(this.#parts, signal),
        listing: 'GET /machines, GET /public-ips, GET /shared-drives',
        list: () => this.list(signal),
      },
      target,
    )
  }

  async #find({ instanceId, rentalId }: RentalRef, signal: AbortSignal) {
    const { api } = this.#parts
    if (instanceId === null) return machineNamed(api, rentalId, signal)
    const path = `/machines/${encodeURIComponent(instanceId)}`
    return api.call(wireMachineSchema, { method: 'GET', path }, signal)
  }

  /** A machine that will never be ready does not say so; the events of its making do. */
  async #failure(machineId: string, signal: AbortSignal): Promise<string | null> {
    const { api } = this.#parts
    for await (const event of rowsOf(api, eventsSchema, '/machine-events', { machineId }, signal)) {
      const isMaking = event.name === 'create' || event.name === 'start'
      if (!isMaking || (event.state !== 'error' && event.state !== 'cancelled')) continue
      return `Paperspace could not start the machine: ${event.error ?? event.state}.`
    }
    return null
  }
}
