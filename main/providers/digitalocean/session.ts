import type { Offer, OfferQuery } from '../../../preload/contract/offer.ts'
import type { Billable } from '../../../preload/contract/rental.ts'
import { SubletError } from '../../domain/errors.ts'
import type { LaunchOnce } from '../launch-once.ts'
import type {
  AccountStatus,
  BillableOutcome,
  BillableRef,
  EndedRental,
  Instance,
  LaunchRequest,
  ProviderSession,
  ReleaseOutcome,
  RentalRef,
  Usage,
} from '../provider.ts'
import { refusedAccount } from '../refused-account.ts'
import { releaseListed } from '../release-listed.ts'
import { releaseRental } from '../release-rental.ts'
import { pagesOf } from './api.ts'
import { checkAccount } from './check.ts'
import { instanceOf } from './instance.ts'
import { dropletNamed, launchDroplet } from './launch.ts'
import { listBillables, listMachines } from './list.ts'
import { offerOf } from './offers.ts'
import type { CloudPlace } from '../http/place.ts'
import { releaseParts, type EndingParts } from './release.ts'
import { usageOf } from './usage.ts'
import { actionsSchema, dropletSchema, sizesSchema, type WireDroplet } from './wire.ts'

export interface DigitalOceanParts extends EndingParts {
  readonly place: CloudPlace
  readonly once: LaunchOnce
}

/** A session with one DigitalOcean account. */
export class DigitalOceanSession implements ProviderSession {
  readonly #parts: DigitalOceanParts

  constructor(parts: DigitalOceanParts) {
    this.#parts = parts
  }

  async check(signal: AbortSignal): Promise<AccountStatus> {
    const { api, account } = this.#parts
    try {
      return await checkAccount(api, signal)
    } catch (thrown) {
      return refusedAccount(thrown, `DigitalOcean account of ${account.name}`)
    }
  }

  async *offers(_query: OfferQuery, signal: AbortSignal): AsyncIterable<Offer> {
    const { api, account, context } = this.#parts
    for await (const { sizes } of pagesOf(api, sizesSchema, '/sizes', {}, signal)) {
      const fetchedAt = context.clock.now()
      for (const size of sizes) {
        if (!size.available) continue
        for (const region of size.regions) {
          const offer = offerOf(size, region, account, fetchedAt)
          if (offer !== null) yield offer
        }
      }
    }
  }

  /** DigitalOcean knows no launch token: a droplet of that name is taken for the one asked for. */
  launch(request: LaunchRequest, signal: AbortSignal): Promise<Instance> {
    const { api, context, once, place } = this.#parts
    const { rentalId } = request
    return once.run(rentalId, async () => {
      const droplet =
        (await dropletNamed(api, rentalId, signal)) ??
        (await launchDroplet(api, request, context.homeId, signal))
      return instanceOf(rentalId, droplet, place)
    })
  }

  async describe(rental: RentalRef, signal: AbortSignal): Promise<Instance> {
    const droplet = await this.#find(rental, signal)
    if (droplet === null) {
      throw new SubletError('not-found', `DigitalOcean knows no droplet ${rental.rentalId}.`)
    }
    const instance = instanceOf(rental.rentalId, droplet, this.#parts.place)
    if (droplet.status !== 'new' || !(await this.#hasFailed(droplet, signal))) return instance
    const message = 'DigitalOcean could not create the droplet, and says no more than that.'
    return { ...instance, state: 'failed', message }
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
        listing: 'GET /droplets?type=gpus',
        list: () => listMachines(api, account, signal),
      },
      rental,
    )
  }

  releaseBillable(target: BillableRef, signal: AbortSignal): Promise<BillableOutcome> {
    return releaseListed(
      {
        ...releaseParts(this.#parts, signal),
        listing: 'GET /droplets, GET /volumes, GET /reserved_ips',
        list: () => this.list(signal),
      },
      target,
    )
  }

  usage(rental: EndedRental, signal: AbortSignal): Promise<Usage | null> {
    const { api, context } = this.#parts
    return usageOf(api, context, rental, signal)
  }

  async #find({ instanceId, rentalId }: RentalRef, signal: AbortSignal) {
    const { api } = this.#parts
    if (instanceId === null) return dropletNamed(api, rentalId, signal)
    const path = `/droplets/${encodeURIComponent(instanceId)}`
    return (await api.call(dropletSchema, { method: 'GET', path }, signal)).droplet
  }

  /** A creation that was accepted can still fail, and the droplet's own state does not say so. */
  async #hasFailed({ id }: WireDroplet, signal: AbortSignal): Promise<boolean> {
    const call = { method: 'GET', path: `/droplets/${id}/actions` } as const
    const { actions } = await this.#parts.api.call(actionsSchema, call, signal)
    return actions.some(({ type, status }) => type === 'create' && status === 'errored')
  }
}
