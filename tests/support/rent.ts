import { ulid } from 'ulid'
import { rentalIdSchema } from '../../preload/contract/rental.ts'
import type { RentalId } from '../../preload/contract/rental.ts'
import type { Offer } from '../../preload/contract/offer.ts'
import type {
  Instance,
  LaunchRequest,
  ProviderSession,
  RentalRef,
  SshTarget,
} from '../../main/providers/provider.ts'
import { newHostKey } from '../../sandbox-cloud/host-key.ts'
import { eventually } from './eventually.ts'

const forever = new AbortController().signal

/** A fresh rental id, as the engine would make one. */
export const newRentalId = (): RentalId => rentalIdSchema.parse(`sublet-${ulid().toLowerCase()}`)

/** A key pair for logging in: OpenSSH formats. */
export function newLoginKey(): { readonly privateKey: string; readonly publicKey: string } {
  const { privateKey, publicKey } = newHostKey()
  return { privateKey, publicKey: `${publicKey} test` }
}

/** A launch request for an offer with sensible values for the rest. */
export function launchRequest(
  offer: Offer,
  publicKey: string,
  now: number,
  change: Partial<LaunchRequest> = {},
): LaunchRequest {
  return {
    rentalId: newRentalId(),
    offer,
    environment: { kind: 'machine' },
    publicKey,
    endBy: now + 3_600_000,
    diskGiB: offer.diskGiB,
    maxMicrosPerHour: offer.microsPerHour,
    ...change,
  }
}

/** How a launched rental is asked for. */
export const refOf = (instance: Instance, now: number): RentalRef => ({
  rentalId: instance.rentalId,
  instanceId: instance.instanceId,
  launchedAt: now,
  seen: true,
  region: '',
})

/** Waits until the rental can be reached. */
export async function untilReachable(
  session: ProviderSession,
  rental: RentalRef,
  timeoutMs = 20_000,
): Promise<SshTarget> {
  return eventually(async () => (await session.describe(rental, forever)).ssh, {
    timeoutMs,
    what: 'the machine to be reachable',
  })
}
