import type { ReleaseState } from '../../../preload/contract/radar.ts'
import type { RentalRecord } from './record.ts'

/** Providers end a machine well within it; after that the user should know. Engine time. */
const slowReleaseMs = 3 * 60_000

type Releasing = Pick<
  RentalRecord,
  | 'phase'
  | 'releasingSince'
  | 'pendingSentence'
  | 'releaseBecause'
  | 'releaseFailure'
  | 'earlierReceipts'
>

/** How far a release has come; null for a rental that is not being released. */
export function releaseState(rental: Releasing, now: number): ReleaseState | null {
  if (rental.phase !== 'releasing') return null
  const since = rental.releasingSince ?? now
  const said = rental.pendingSentence ?? rental.releaseBecause ?? 'It is being released.'
  const refused = rental.releaseFailure === 'auth' || rental.releaseFailure === 'permission'
  return {
    since,
    sentence: refused ? `${said} ${newKeyHelp}` : said,
    red: refused || rental.earlierReceipts.length > 0 || now - since > slowReleaseMs,
  }
}

/** What to do when a provider refuses the key with which a machine would be ended. */
export const newKeyHelp =
  'Give the account a working key on the Accounts page, or end the machine at the provider; Sublet asks again until it is proven gone.'
