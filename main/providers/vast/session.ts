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
import { filtersFor, searchAsks } from './asks.ts'
import { chargesOf } from './charges.ts'
import { checkAccount } from './check.ts'
import { instanceOf, labelOf } from './instance.ts'
import { attachKey, launchMachine, machineNamed } from './launch.ts'
import { eachOnce, offersOf, usualDiskGiB } from './offers.ts'
import type { VastPlace } from './place.ts'
import { endingParts, listBillables, releaseParts } from './release.ts'
import { selfTerminateCommand, selfTerminateProof } from './self-terminate.ts'
import { instanceSchema, type WireInstance } from './wire.ts'

export interface VastParts {
  readonly api: HttpApi
  readonly account: Account
  readonly context: ProviderContext
  readonly place: VastPlace
  readonly once: LaunchOnce
}

/** A session with one Vast.ai account. */
export class VastSession implements ProviderSession {
  readonly #parts: VastParts

  constructor(parts: VastParts) {
    this.#parts = parts
  }

  check(signal: AbortSignal): Promise<AccountStatus> {
    const { api, account } = this.#parts
    return checkAccount(api, account, signal)
  }

  async *offers(query: OfferQuery, signal: AbortSignal): AsyncIterable<Offer> {
    const { api, account, context } = this.#parts
    const diskGiB = Math.max(usualDiskGiB, query.minDiskGiB ?? 0)
    const asks = await searchAsks(api, filtersFor(query), diskGiB, signal)
    const fetchedAt = context.clock.now()
    yield* eachOnce(asks.flatMap((ask) => offersOf(ask, diskGiB, account, fetchedAt)))
  }

  /** Vast.ai knows no launch token: a machine of that label is taken for the one that was asked for. */
  launch(request: LaunchRequest, signal: AbortSignal): Promise<Instance> {
    const { api, context, once } = this.#parts
    const { rentalId, publicKey } = request
    return once.run(rentalId, async () => {
      const known = await machineNamed(api, labelOf(rentalId, context.homeId), signal)
      if (known !== null) {
        await attachKey(api, String(known.id), publicKey, context.log, signal)
        return instanceOf(rentalId, known)
      }
      const { instanceId, microsPerHour } = await launchMachine(api, request, context, signal)
      await attachKey(api, instanceId, publicKey, context.log, signal)
      return {
        rentalId,
        instanceId,
        state: 'pending',
        message: null,
        ssh: null,
        microsPerHour,
        gpuIndices: null,
        billedFrom: null,
        reclaimAt: null,
      }
    })
  }

  async describe(rental: RentalRef, signal: AbortSignal): Promise<Instance> {
    const machine = await this.#find(rental, signal)
    if (machine !== null) return instanceOf(rental.rentalId, machine)
    throw new SubletError('not-found', `Vast.ai knows no machine ${rental.rentalId}.`)
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
    return releaseListed(endingParts(api, account, context, signal), target)
  }

  usage(rental: EndedRental, signal: AbortSignal): Promise<Usage | null> {
    const { api, context } = this.#parts
    return chargesOf(api, rental, context.clock, signal)
  }

  readonly selfTerminateCommand = ({ instanceId }: RentalRef): string =>
    selfTerminateCommand(this.#parts.place.baseUrl, instanceId)

  readonly selfTerminateProof = ({ instanceId }: RentalRef): string =>
    selfTerminateProof(this.#parts.place.baseUrl, instanceId)

  async #find(
    { rentalId, instanceId }: RentalRef,
    signal: AbortSignal,
  ): Promise<WireInstance | null> {
    const { api, context } = this.#parts
    if (instanceId === null) return machineNamed(api, labelOf(rentalId, context.homeId), signal)
    const path = `/api/v0/instances/${encodeURIComponent(instanceId)}/`
    return (await api.call(instanceSchema, { method: 'GET', path }, signal)).instances ?? null
  }
}
