import type { Offer, OfferQuery } from '../../../preload/contract/offer.ts'
import type { Billable } from '../../../preload/contract/rental.ts'
import { SubletError } from '../../domain/errors.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { LaunchOnce } from '../launch-once.ts'
import type {
  Account,
  AccountStatus,
  BillableOutcome,
  BillableRef,
  EndedRental,
  Instance,
  LaunchRequest,
  ProviderContext,
  ProviderSession,
  ReleaseOutcome,
  RentalRef,
  Usage,
} from '../provider.ts'
import { releaseListed } from '../release-listed.ts'
import { releaseRental } from '../release-rental.ts'
import { checkAccount } from './check.ts'
import { instanceOf } from './instance.ts'
import { giveBackIfDearer, launchPod, podNamed } from './launch.ts'
import { offersOf, shapesFor, type Shape } from './offers.ts'
import type { RunpodPlace } from './place.ts'
import { listBillables, releaseAnyParts, releaseParts } from './release.ts'
import { selfTerminateCommand, selfTerminateProof } from './self-terminate.ts'
import { podUsage } from './usage.ts'
import { gpusSchema, wirePodSchema, type WireGpu, type WirePod } from './wire.ts'

export interface RunpodParts {
  readonly api: HttpApi
  readonly account: Account
  readonly context: ProviderContext
  readonly place: RunpodPlace
  readonly once: LaunchOnce
}

/** A session with one RunPod account. */
export class RunpodSession implements ProviderSession {
  readonly #parts: RunpodParts

  constructor(parts: RunpodParts) {
    this.#parts = parts
  }

  check(signal: AbortSignal): Promise<AccountStatus> {
    return checkAccount(this.#parts.api, this.#parts.account, signal)
  }

  async *offers(query: OfferQuery, signal: AbortSignal): AsyncIterable<Offer> {
    const { account, context } = this.#parts
    const asked = shapesFor(query)
    const answers = await Promise.all(asked.map((one) => this.#catalogue(one, signal)))
    const fetchedAt = context.clock.now()
    for (const [index, types] of answers.entries()) {
      const shape = asked[index]
      if (shape === undefined) continue
      for (const type of types) yield* offersOf(type, shape, account, query, fetchedAt)
    }
  }

  /** RunPod knows no launch token: a pod of that name is taken for the one that was asked for. */
  launch(request: LaunchRequest, signal: AbortSignal): Promise<Instance> {
    const { api, context, once } = this.#parts
    const { rentalId } = request
    return once.run(rentalId, async () => {
      const known = await podNamed(api, rentalId, signal)
      const pod = known ?? (await launchPod(api, request, context.homeId, signal))
      await giveBackIfDearer(api, request, pod, signal)
      return instanceOf(rentalId, pod)
    })
  }

  async describe(rental: RentalRef, signal: AbortSignal): Promise<Instance> {
    const pod = await this.#find(rental, signal)
    if (pod !== null) return instanceOf(rental.rentalId, pod)
    throw new SubletError('not-found', `RunPod knows no pod ${rental.rentalId}.`)
  }

  list(signal: AbortSignal): AsyncIterable<Billable> {
    const { api, account } = this.#parts
    return listBillables(api, account, signal)
  }

  release(rental: RentalRef, signal: AbortSignal): Promise<ReleaseOutcome> {
    const { api, account, context } = this.#parts
    return releaseRental(releaseParts(api, account, context, signal), rental)
  }

  releaseBillable(target: BillableRef, signal: AbortSignal): Promise<BillableOutcome> {
    const { api, account, context } = this.#parts
    // A key that may only see pods must be able to end them.
    const parts = target.kind === 'machine' ? releaseParts : releaseAnyParts
    return releaseListed(parts(api, account, context, signal), target)
  }

  usage(rental: EndedRental, signal: AbortSignal): Promise<Usage | null> {
    return podUsage(this.#parts.api, rental, this.#parts.context, signal)
  }

  readonly selfTerminateCommand = ({ instanceId }: RentalRef): string =>
    selfTerminateCommand(this.#parts.place.baseUrl, instanceId)

  readonly selfTerminateProof = ({ instanceId }: RentalRef): string =>
    selfTerminateProof(this.#parts.place.baseUrl, instanceId)

  async #catalogue({ cloud, count }: Shape, signal: AbortSignal): Promise<readonly WireGpu[]> {
    const query = { include: 'AVAILABILITY', product: 'POD', count, cloud: cloud.toUpperCase() }
    const path = '/v2/catalog/gpus'
    return (await this.#parts.api.call(gpusSchema, { method: 'GET', path, query }, signal)).gpus
  }

  async #find(rental: RentalRef, signal: AbortSignal): Promise<WirePod | null> {
    const { api } = this.#parts
    if (rental.instanceId === null) return podNamed(api, rental.rentalId, signal)
    const path = `/v2/pods/${encodeURIComponent(rental.instanceId)}`
    return api.call(wirePodSchema, { method: 'GET', path }, signal)
  }
}
