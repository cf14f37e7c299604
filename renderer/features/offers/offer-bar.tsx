import { useStore } from 'zustand'
import type { OfferRow } from '../../../preload/contract/offer-view.ts'
import { Button } from '../../ui/button.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { offerLine } from './offer-cells.tsx'
import { mostCompared, type OffersStore } from './offers-store.ts'
import styles from './offers-page.module.css'

/** Below the table: the chosen offer and what can be done with it. Always of the same height. */
export function OfferBar(props: {
  readonly store: OffersStore
  readonly onUse: (row: OfferRow) => void
}) {
  const { store, onUse } = props
  const { active, rows, compared } = useStore(store)
  const row = active === null ? undefined : rows.get(active)
  if (row === undefined) {
    return (
      <span className={`${styles['line']} ${styles['keys']}`}>
        Choose an offer by click or arrow keys: <Kbd>Enter</Kbd> uses it in a job, <Kbd>F</Kbd>{' '}
        marks a favourite, <Kbd>Space</Kbd> puts it beside others.
      </span>
    )
  }
  const isCompared = compared.has(row.offer.id)
  const isFull = !isCompared && compared.size >= mostCompared
  return (
    <>
      <span className={styles['line']} aria-live="polite">
        {offerLine(row)}
      </span>
      <Button look="quiet" onClick={() => store.toggleFavourite(row)}>
        {row.favourite ? 'Remove favourite' : 'Favourite'}
      </Button>
      <Button
        disabled={isFull}
        title={isFull ? `At most ${mostCompared} can stand side by side.` : undefined}
        onClick={() => store.toggleCompare(row)}
      >
        {isCompared ? 'Do not compare' : 'Compare this'}
      </Button>
      <Button onClick={() => onUse(row)}>Use in a job</Button>
    </>
  )
}
