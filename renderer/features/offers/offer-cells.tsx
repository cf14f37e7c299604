import type { ReactNode } from 'react'
import type { Offer } from '../../../preload/contract/offer.ts'
import type { OfferRow } from '../../../preload/contract/offer-view.ts'
import { formatDuration, formatMicros, formatMicrosPerHour } from '../../../main/domain/format.ts'
import { regionGroupName } from '../../../main/domain/offers/region-group.ts'
import { Age } from '../../ui/time.tsx'
import styles from './offer-table.module.css'

/** For what the source does not say. */
export const unknown = (
  <span className={styles['dim']} title="not known">
    –
  </span>
)
/** An amount that may have fractions of a micro-dollar. */
export const money = (micros: number): string => formatMicros(Math.round(micros))

/** An amount without its sign: the header says the unit. */
export function bare(micros: number): string {
  return formatMicros(micros).replace('$', '')
}

/** A share as people read it: `99.2 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(share >= 0.995 || share === 0 ? 0 : 1)} %`
}

/** The provider, and whether it is the practice cloud. */
export function provider({ offer, providerName, accountName }: OfferRow): ReactNode {
  // The name says "(simulated)" too, which would not fit.
  const name = offer.simulated ? providerName.replace(/ \(simulated\)$/, '') : providerName
  return (
    <>
      <span title={`${providerName}, account ${accountName}`}>{name}</span>
      {offer.simulated ? <span className={styles['simulated']}>simulated</span> : null}
    </>
  )
}

/** The provider's name of the place; the part of the world in its tooltip. */
export function region({ offer, regionGroup }: OfferRow): ReactNode {
  return (
    <span title={regionGroupName(regionGroup)}>{offer.region === '' ? unknown : offer.region}</span>
  )
}

/** The provider's word about whether a launch would work. */
function availabilityWords({ availability: word }: Pick<Offer, 'availability'>): string {
  switch (word) {
    case 'available':
      return 'yes'
    case 'unknown':
      return 'not said'
    case 'none':
      return 'sold out'
    case 'no-quota':
      return 'quota 0'
  }
}

/** The same, dim where it cannot be had. */
export function availability(offer: Offer): ReactNode {
  const words = availabilityWords(offer)
  return offer.availability === 'available' ? words : <span className={styles['dim']}>{words}</span>
}

/** What time is rounded up to, and the least that is billed. */
export function increment({ billing }: Offer): string {
  const { incrementMs, minimumMs } = billing
  const step = formatDuration(incrementMs)
  return minimumMs > incrementMs ? `${step}, min ${formatDuration(minimumMs)}` : step
}

/** What finishing the chosen job costs, or why it does not fit. */
export function finish({ finishMicros, misfit }: OfferRow): ReactNode {
  if (finishMicros !== null) return formatMicros(finishMicros)
  return <span className={styles['dim']}>{misfit ?? 'unknown'}</span>
}

/** How old the price is, and where it was read if not live. */
export function PriceAge({ offer }: { readonly offer: Offer }) {
  if (offer.source === 'own') return <span className={styles['dim']}>your own rate</span>
  return (
    <span className={styles['dim']}>
      {offer.source === 'snapshot' ? 'list, ' : ''}
      <Age at={offer.fetchedAt} />
    </span>
  )
}

/** One line about an offer, for the bar below the table and for assistive technology. */
export function offerLine({ offer, providerName }: OfferRow): string {
  const gpu =
    offer.gpu === null
      ? 'No GPU'
      : `${offer.gpu.count} × ${offer.gpu.name}, ${offer.gpu.vramGiB} GB`
  return [
    gpu,
    providerName,
    offer.region,
    offer.spot ? 'spot' : '',
    formatMicrosPerHour(offer.microsPerHour),
  ]
    .filter((part) => part !== '')
    .join(' · ')
}

/** The price of traffic out of the machine. */
export function egress({ billing }: Offer): string {
  const { egressMicrosPerGib } = billing
  return egressMicrosPerGib === 0 ? 'free' : `${money(egressMicrosPerGib)}/GB`
}
