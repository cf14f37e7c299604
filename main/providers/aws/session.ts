import type { Offer, OfferQuery } from '../../../preload/contract/offer.ts'
import type { Billable } from '../../../preload/contract/rental.ts'
import { SubletError } from '../../domain/errors.ts'
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
import { releaseListed } from '../release-listed.ts'
import { releaseRental } from '../release-rental.ts'
import { checkAccount } from './check.ts'
import { homeRegion } from './credentials.ts'
import { cancelled } from './errors.ts'
import { machineById, machineTagged, spotRequestOf } from './find-machine.ts'
import { openToAll } from './firewall.ts'
import { instanceOf } from './instance.ts'
import { listBillables } from './inventory.ts'
import { launchMachine } from './launch.ts'
import { offersIn } from './offers.ts'
import type { AwsParts } from './parts.ts'
import { enabledRegions } from './regions.ts'
import { endAlone, releaseParts } from './release.ts'

/** A session with one AWS account. */
export class AwsSession implements ProviderSession {
  readonly #parts: AwsParts

  constructor(parts: AwsParts) {
    this.#parts = parts
  }

  check(signal: AbortSignal): Promise<AccountStatus> {
    return checkAccount(this.#parts, signal)
  }

  /** All regions at once. One that fails is left out; only when all fail, the list does. */
  async *offers(query: OfferQuery, signal: AbortSignal): AsyncIterable<Offer> {
    const { context } = this.#parts
    const enabled = await this.#regions(signal)
    const regions = enabled.filter((one) => query.region === undefined || one === query.region)
    const asked = await Promise.allSettled(
      regions.map((region) => offersIn(this.#parts, region, query, signal)),
    )
    if (signal.aborted) throw cancelled(signal)
    const failed = asked.filter((one) => one.status === 'rejected')
    if (failed.length > 0 && failed.length === asked.length) throw failed[0]?.reason
    for (const [index, one] of asked.entries()) {
      if (one.status === 'fulfilled') yield* one.value
      else context.log('A region is left out', { region: regions[index], why: String(one.reason) })
    }
  }

  launch(request: LaunchRequest, signal: AbortSignal): Promise<Instance> {
    const { api, once, place } = this.#parts
    const { rentalId, offer } = request
    return once.run(rentalId, async () => {
      const known = await machineTagged(api, offer.region, rentalId, signal)
      if (known !== null && known.State.Name !== 'terminated')
        return instanceOf(rentalId, known, null, place)
      const launched = await launchMachine(this.#parts, request, signal)
      const instance = instanceOf(rentalId, launched.machine, null, place)
      return launched.openToAll ? { ...instance, message: openToAll } : instance
    })
  }

  async describe(rental: RentalRef, signal: AbortSignal): Promise<Instance> {
    const { api, place, follower } = this.#parts
    const { rentalId, instanceId } = rental
    for (const region of await this.#regionsOf(rental, signal)) {
      const machine =
        instanceId === null
          ? await machineTagged(api, region, rentalId, signal)
          : await machineById(api, region, instanceId, signal)
      if (machine === null) continue
      if (machine.State.Name === 'running')
        await follower.follow(this.#parts, rentalId, region, signal)
      return instanceOf(rentalId, machine, await spotRequestOf(api, region, machine, signal), place)
    }
    throw new SubletError('not-found', `AWS knows no machine ${rentalId}.`)
  }

  async *list(signal: AbortSignal): AsyncIterable<Billable> {
    yield* listBillables(this.#parts, await this.#regions(signal), signal)
  }

  async release(rental: RentalRef, signal: AbortSignal): Promise<ReleaseOutcome> {
    const regions = await this.#regionsOf(rental, signal)
    return releaseRental(releaseParts(this.#parts, regions, signal), rental)
  }

  async releaseBillable(target: BillableRef, signal: AbortSignal): Promise<BillableOutcome> {
    const regions = await this.#regionsOf(target, signal)
    const parts = releaseParts(this.#parts, regions, signal)
    return releaseListed({ ...parts, end: (row) => endAlone(this.#parts, row, signal) }, target)
  }

  /** The machine terminates itself, as it was launched so; `halt` would not end the bill. */
  selfTerminateCommand(): string {
    return 'sudo -n shutdown -h now'
  }

  #regions(signal: AbortSignal): Promise<readonly string[]> {
    const { api, account } = this.#parts
    return enabledRegions(api, homeRegion(account), signal)
  }

  /** The one region where it is known, which is quick; else all. */
  async #regionsOf(
    { region }: { readonly region: string },
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    return region === '' ? this.#regions(signal) : [region]
  }
}
