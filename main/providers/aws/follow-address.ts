import type { RentalId } from '../../../preload/contract/rental.ts'
import type { ProviderContext } from '../provider.ts'
import type { AwsApi } from './api.ts'
import { isCode } from './errors.ts'
import { allowSsh, groupsOf } from './firewall.ts'
import type { LaunchNotes } from './launch-notes.ts'
import { ownAddress } from './own-address.ts'
import type { AwsPlace } from './place.ts'

/** A computer that moved is away from its machine for so long at most. */
const everyMs = 60_000

interface FollowParts {
  readonly api: AwsApi
  readonly context: ProviderContext
  readonly notes: LaunchNotes
  readonly place: AwsPlace
}

/** Opens port 22 of machines to where this computer is now. One for all sessions of a provider. */
export class AddressFollower {
  readonly #askedAt = new Map<RentalId, number>()

  /** Asks now and then, for rentals that were launched here; a failure is only logged. */
  async follow(
    { api, context, notes, place }: FollowParts,
    rentalId: RentalId,
    region: string,
    signal: AbortSignal,
  ): Promise<void> {
    const now = context.clock.now()
    const askedAt = this.#askedAt.get(rentalId)
    if (askedAt !== undefined && Math.abs(now - askedAt) < everyMs) return
    this.#askedAt.set(rentalId, now)
    const note = await notes.read(rentalId)
    // Null: it is open to all.
    if (note === null || note.address === null) return
    try {
      const address = await ownAddress(place.ownAddressUrl, signal)
      if (address === null || address === note.address) return
      for (const group of await groupsOf(api, region, rentalId, signal))
        await allowSsh(api, region, group, address, signal)
      await notes.write(rentalId, { ...note, address })
    } catch (thrown) {
      if (isCode(thrown, 'cancelled')) throw thrown
      context.log('Port 22 could not be opened to a new address', { rentalId, why: String(thrown) })
    }
  }

  forget(rentalId: RentalId): void {
    this.#askedAt.delete(rentalId)
  }
}
