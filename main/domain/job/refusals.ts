import type { ErrorCode, WireError } from '../../../preload/contract/errors.ts'
import type { Offer } from '../../../preload/contract/offer.ts'

/** A launch that was refused before anything ran, with the offer as it was then. */
export interface Refusal {
  readonly offer: Offer
  readonly error: WireError
}

/** How much a refusal says: of the account, of what the account may rent in a region, or of the offer. */
export type RefusalScope = 'account' | 'region' | 'offer'

const ofAccount: ReadonlySet<ErrorCode> = new Set(['auth', 'permission', 'keychain'])

/** What else a refused launch rules out, by its code. */
export function refusalScope(code: ErrorCode): RefusalScope {
  if (ofAccount.has(code)) return 'account'
  // Clouds that count by region have room in another one; the rest refuse there once more.
  return code === 'quota' ? 'region' : 'offer'
}

/** Whether a job need not ask for this offer any more. A price that rose since may be asked at. */
export function isRuledOut(offer: Offer, refusals: readonly Refusal[]): boolean {
  return refusals.some(({ offer: tried, error }) => {
    switch (refusalScope(error.code)) {
      case 'account':
        return tried.accountId === offer.accountId
      case 'region':
        return tried.accountId === offer.accountId && tried.region === offer.region
      case 'offer':
        return (
          tried.id === offer.id &&
          (error.code !== 'price-moved' || offer.microsPerHour <= tried.microsPerHour)
        )
    }
  })
}

/** What was refused, why, and what is left out for it: one line of the job's history. */
export function refusalSentence(offer: Offer, accountName: string, error: WireError): string {
  const what = `${offer.machineType} in ${offer.region} at ${accountName}`
  const consequence = {
    account: ' This account is left out from now on.',
    region: ` Its other offers in ${offer.region} are left out too.`,
    offer: '',
  }[refusalScope(error.code)]
  return `${what}: ${error.message}${consequence}`
}
