import type { Offer, OfferQuery } from '../../../preload/contract/offer.ts'
import type { Billable } from '../../../preload/contract/rental.ts'
import { SubletError } from '../../domain/errors.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { Pacer } from '../http/pacer.ts'
import type { LaunchOnce } from '../launch-once.ts'
import type {
  Account,
  AccountStatus,
  BillableOutcome,
  BillableRef,
  Instance,
  LaunchRequest,
  ProviderContext,
  ProviderSession,
  ReleaseOutcome,
  RentalRef,
} from '../provider.ts'
import { refusedAccount } from '../refused-account.ts'
import { releaseListed } from '../release-listed.ts'
import { releaseRental } from '../release-rental.ts'
import { instanceOf } from './instance.ts'
import { launchMachine, machineNamed } from './launch.ts'
import { offerOf } from './offers.ts'
import type { CloudPlace } from '../http/place.ts'
import { listBillables, releaseParts } from './release.ts'
import { instanceSchema, typesSchema } from './wire.ts'
import type { WireInstance } from './wire.ts'

export interface LambdaParts {
  readonly api: HttpApi
  readonly account: Account
  readonly context: ProviderContext
  readonly place: CloudPlace
  readonly launchPacer: Pacer
  readonly once: LaunchOnce
}

/** A session with one Lambda account. */
export class LambdaSession implements ProviderSession {
  readonly #parts: LambdaParts

  constructor(parts: LambdaParts) {
    this.#parts = parts
  }

  async check(signal: AbortSignal): Promise<AccountStatus> {
    const { api, account } = this.#parts
    const identity = `Lambda workspace of ${account.name}`
    try {
      await api.call(typesSchema, { method: 'GET', path: '/instance-types' }, signal)
      const message = 'The key works. Lambda tells no balance: it bills each week.'
      return { ok: true, identity, message, balanceMicros: null }
    } catch (thrown) {
      return refusedAccount(thrown, identity)
    }
  }

  async *offers(_query: OfferQuery, signal: AbortSignal): AsyncIterable<Offer> {
    const { api, account, context } = this.#parts
    const { data } = await api.call(typesSchema, { method: 'GET', path: '/instance-types' }, signal)
    const fetchedAt = context.clock.now()
    for (const { instance_type: type, regions_with_capacity_available: regions } of Object.values(
      data,
    )) {
      for (const { name } of regions) {
        const offer = offerOf(type, name, account, fetchedAt)
        if (offer !== null) yield offer
      }
    }
  }

  /** Lambda knows no launch token: a machine of that name is taken for the one that was asked for. */
  launch(request: LaunchRequest, signal: AbortSignal): Promise<Instance> {
    const { api, context, launchPacer, once, place } = this.#parts
    const { rentalId, offer } = request
    return once.run(rentalId, async () => {
      const known = await machineNamed(api, rentalId, signal)
      if (known !== null) return instanceOf(rentalId, known, place)
      await launchPacer.turn(signal)
      const instanceId = await launchMachine(api, request, context.homeId, signal)
      return {
        rentalId,
        instanceId,
        state: 'pending',
        message: null,
        ssh: null,
        microsPerHour: offer.microsPerHour,
        gpuIndices: null,
        billedFrom: null,
        reclaimAt: null,
      }
    })
  }

  async describe(rental: RentalRef, signal: AbortSignal): Promise<Instance> {
    const machine = await this.#find(rental, signal)
    if (machine !== null) return instanceOf(rental.rentalId, machine, this.#parts.place)
    throw new SubletError('not-found', `Lambda knows no machine ${rental.rentalId}.`)
  }

  list(signal: AbortSignal): AsyncIterable<Billable> {
    const { api, account } = this.#parts
    return listBillables(api, account, signal)
  }

  release(rental: RentalRef, signal: AbortSignal): Promise<ReleaseOutcome> {
    return releaseRental(this.#release(signal), rental)
  }

  releaseBillable(target: BillableRef, signal: AbortSignal): Promise<BillableOutcome> {
    return releaseListed(this.#release(signal), target)
  }

  async #find(rental: RentalRef, signal: AbortSignal): Promise<WireInstance | null> {
    const { api } = this.#parts
    if (rental.instanceId === null) return machineNamed(api, rental.rentalId, signal)
    const path = `/instances/${encodeURIComponent(rental.instanceId)}`
    return (await api.call(instanceSchema, { method: 'GET', path }, signal)).data
  }

  #release(signal: AbortSignal) {
    const { api, account, context } = this.#parts
    return releaseParts(api, account, context, signal)
  }
}
