import type { OfferRow } from '../../../preload/contract/offer-view.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { columnDefs } from './offer-columns.tsx'
import { bestOf, differs } from './compare-facts.ts'
import styles from './compare-dialog.module.css'

export interface CompareDialogProps {
  readonly open: boolean
  readonly offers: readonly OfferRow[]
  readonly onClose: () => void
  readonly onUse: (row: OfferRow) => void
  readonly onRemove: (row: OfferRow) => void
}

/** Two to four offers side by side; what differs is marked, and the best of each figure too. */
export function CompareDialog({ open, offers, onClose, onUse, onRemove }: CompareDialogProps) {
  const shown = columnDefs.filter(
    ({ id }) =>
      id !== 'finish' ||
      offers.some(({ finishMicros, misfit }) => finishMicros !== null || misfit !== null),
  )
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`Compare ${offers.length} offers`}
      description="Rows that differ say so and stand in bold; the shaded figure is the best of its row."
      width="wide"
    >
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">What</th>
            {offers.map((row) => (
              <th key={row.offer.id} scope="col">
                {row.offer.gpu?.name ?? 'no GPU'} · {row.providerName}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ id, name, cell, full = cell }) => {
            const best = bestOf(id, offers)
            return (
              <tr key={id} className={differs(id, offers) ? styles['differs'] : ''}>
                <th scope="row">{name}</th>
                {offers.map((row) => (
                  <td key={row.offer.id} className={best.has(row.offer.id) ? styles['best'] : ''}>
                    {full(row)}
                  </td>
                ))}
              </tr>
            )
          })}
          <tr>
            <th scope="row">Stops by itself</th>
            {offers.map((row) => (
              <td key={row.offer.id}>
                {row.stopsByItself === true ? 'yes' : `no: ${row.stopsByItself}`}
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">Machine type</th>
            {offers.map((row) => (
              <td key={row.offer.id}>{row.offer.machineType}</td>
            ))}
          </tr>
          <tr>
            <th scope="row">Choose</th>
            {offers.map((row) => (
              <td key={row.offer.id}>
                <Button onClick={() => onUse(row)}>Use in a job</Button>{' '}
                <Button look="quiet" onClick={() => onRemove(row)}>
                  Remove
                </Button>
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </Dialog>
  )
}
