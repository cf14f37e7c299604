import type { TestContext } from 'vitest'
import type { Offer } from '../../preload/contract/offer.ts'
import type { Billable, Receipt } from '../../preload/contract/rental.ts'
import { SubletError } from '../../main/domain/errors.ts'
import type {
  Instance,
  LaunchRequest,
  ProviderSession,
  RentalRef,
} from '../../main/providers/provider.ts'
import { collect } from '../support/collect.ts'
import { eventually } from '../support/eventually.ts'
import { launchRequest, newLoginKey } from '../support/rent.ts'
import type { ConformanceWorld, Misbehaviour } from './subject.ts'

export const forever: AbortSignal = new AbortController().signal

/** What every case works with: a session, and the rentals it must leave nothing of. */
export class Rig {
  readonly world: ConformanceWorld
  readonly session: ProviderSession
  readonly publicKey = newLoginKey().publicKey
  #rentals: RentalRef[] = []

  constructor(world: ConformanceWorld) {
    this.world = world
    this.session = world.provider.connect(world.account, world.context)
  }

  now(): number {
    return this.world.context.clock.now()
  }

  async offer(spot = false): Promise<Offer> {
    const offers = await collect(this.session.offers({}, forever))
    const found = offers.find((offer) => offer.spot === spot && this.world.rentable(offer))
    if (found === undefined) throw new Error('The world has no rentable offer.')
    return found
  }

  /** A request that is not sent yet, whose rental is cleaned up whatever becomes of it. */
  request(offer: Offer, change: Partial<LaunchRequest> = {}): LaunchRequest {
    const request = launchRequest(offer, this.publicKey, this.now(), change)
    this.#rentals.push(this.ref(request, { seen: false }))
    return request
  }

  /** How the request's rental is asked for, before its id at the provider is known. */
  ref(request: LaunchRequest, change: Partial<RentalRef> = {}): RentalRef {
    const { rentalId, offer } = request
    return {
      rentalId,
      instanceId: null,
      launchedAt: this.now(),
      seen: true,
      region: offer.region,
      ...change,
    }
  }

  /** Launches a machine and waits until it runs. */
  async rent(
    change: Partial<LaunchRequest> = {},
    spot = false,
  ): Promise<{
    readonly request: LaunchRequest
    readonly rental: RentalRef
    readonly instance: Instance
  }> {
    const request = this.request(await this.offer(spot), change)
    const { instanceId } = await this.session.launch(request, forever)
    const rental = this.ref(request, { instanceId })
    return { request, rental, instance: await this.until(rental, 'running') }
  }

  /** Waits for a state of the rental. */
  async until(rental: RentalRef, state: Instance['state']): Promise<Instance> {
    return eventually(
      async () => {
        const instance = await this.session.describe(rental, forever)
        return instance.state === state && (state !== 'running' || instance.ssh !== null)
          ? instance
          : null
      },
      { timeoutMs: 20_000, what: `the rental to be ${state}` },
    )
  }

  /** Releases until there is a receipt. */
  async receipt(rental: RentalRef): Promise<Receipt> {
    return eventually(
      async () => {
        const outcome = await this.session.release(rental, forever)
        return outcome.kind === 'receipt' ? outcome.receipt : null
      },
      { timeoutMs: 20_000, what: 'a receipt' },
    )
  }

  /** The rental's rows in the provider's list of what costs money. */
  async listed(rental: RentalRef): Promise<readonly Billable[]> {
    const all = await collect(this.session.list(forever))
    return all.filter(
      ({ rentalId, nativeId }) => rentalId === rental.rentalId || nativeId === rental.instanceId,
    )
  }

  /** Plants a misbehaviour, or skips the case aloud. */
  async misbehave(context: TestContext, what: Misbehaviour): Promise<void> {
    if (await this.world.misbehave(what)) return
    context.skip(`This world cannot be made to misbehave by ${what.kind}.`)
  }

  /** Ends everything the case has rented. */
  async cleanUp(): Promise<void> {
    await this.world.behave()
    for (const rental of this.#rentals) await this.receipt({ ...rental, launchedAt: 0 })
    this.#rentals = []
  }
}

/** The SubletError that a promise fails with; fails when it does not, or with something else. */
export async function failure(promise: Promise<unknown>): Promise<SubletError> {
  const thrown: unknown = await promise.then(
    (value) => new Error(`It should have failed, but gave ${JSON.stringify(value)}.`),
    (error: unknown) => error,
  )
  if (thrown instanceof SubletError) return thrown
  throw thrown
}
