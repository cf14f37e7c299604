import type { Offer } from '../../preload/contract/offer.ts'
import { formatMicrosPerHour } from '../domain/format.ts'
import type { OfferSource, ProviderAccess } from './ports.ts'

/** What is rented where, for how much, and which accounts had no say: one line of the job's history. */
export function rentingSentence(
  providers: Pick<ProviderAccess, 'accountName'>,
  { machineType, accountId, microsPerHour }: Offer,
  sources: readonly OfferSource[],
): string {
  const where = providers.accountName(accountId)
  const what = `Renting ${machineType} at ${where} for ${formatMicrosPerHour(microsPerHour)}`
  const silent = sources
    .filter(({ ok }) => !ok)
    .map((source) => `${providers.accountName(source.accountId)}: ${source.sentence}`)
  return silent.length === 0 ? what : `${what}. Without ${silent.join(' ')}`
}
