import type { AccountSummary } from '../../../preload/contract/account.ts'
import type { Offer } from '../../../preload/contract/offer.ts'
import { formatAge, formatMicrosPerHour } from '../../domain/format.ts'
import { scaleMicros } from '../../domain/money.ts'
import { inertLine } from '../format/inert.ts'
import { tableLines } from '../format/table.ts'
import { gpuWords } from './offer-words.ts'

/** The table of `sublet offers`; the account's name stands there where its provider has several. */
export function offerLines(
  rows: readonly Offer[],
  accounts: readonly Pick<AccountSummary, 'id' | 'name' | 'providerId'>[],
  now: number,
): readonly string[] {
  const accountName = ({ providerId, accountId }: Offer): string => {
    const siblings = accounts.filter((one) => one.providerId === providerId)
    return siblings.length > 1 ? (siblings.find(({ id }) => id === accountId)?.name ?? '') : ''
  }
  return tableLines(rows, [
    { title: 'GPU', value: (offer) => gpuWords(offer.gpu) },
    { title: 'PRICE', right: true, value: (offer) => formatMicrosPerHour(offer.microsPerHour) },
    {
      title: 'PER GPU',
      right: true,
      value: (offer) =>
        offer.gpu === null || offer.gpu.count === 1
          ? ''
          : formatMicrosPerHour(scaleMicros(offer.microsPerHour, 1, offer.gpu.count)),
    },
    { title: '', value: (offer) => (offer.spot ? 'spot' : '') },
    ...(rows.some(({ reservedMicrosPerHour }) => reservedMicrosPerHour !== undefined)
      ? [{ title: 'IF RESERVED', right: true, value: reservedPrice }]
      : []),
    { title: 'VCPU', right: true, value: (offer) => String(offer.vcpus ?? '') },
    {
      title: 'MEMORY',
      right: true,
      value: ({ memoryGiB }) => (memoryGiB === null ? '' : `${Math.round(memoryGiB)} GiB`),
    },
    { title: 'TYPE', value: (offer) => inertLine(offer.machineType) },
    { title: 'REGION', value: (offer) => inertLine(offer.region) },
    { title: 'PROVIDER', value: (offer) => offer.providerId },
    { title: 'ACCOUNT', value: (offer) => inertLine(accountName(offer)) },
    { title: 'THERE', value: (offer) => offer.availability },
    { title: 'PRICE FROM', value: (offer) => formatAge(offer.fetchedAt, now) },
    { title: '', value: (offer) => (offer.simulated ? '(simulated)' : '') },
  ])
}

/** For comparison: Sublet reserves nothing. */
function reservedPrice({ reservedMicrosPerHour: price }: Offer): string {
  return price === undefined ? '' : formatMicrosPerHour(price)
}
