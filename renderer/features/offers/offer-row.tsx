import { GitCompareArrows, Star } from 'lucide-react'
import { memo } from 'react'
import type { OfferColumn, OfferRow } from '../../../preload/contract/offer-view.ts'
import { columnDef } from './offer-columns.tsx'
import styles from './offer-table.module.css'

export interface OfferRowProps {
  /** Its place in the view; the header is row 1 for assistive technology. */
  readonly index: number
  readonly id: string
  /** Absent while it is on its way; the row keeps its height. */
  readonly row: OfferRow | undefined
  readonly columns: readonly OfferColumn[]
  readonly topPx: number
  readonly active: boolean
  readonly compared: boolean
  readonly onActivate: (index: number) => void
  readonly onUse: (row: OfferRow) => void
  readonly onFavourite: (row: OfferRow) => void
  readonly onCompare: (row: OfferRow) => void
}

/** One offer. Drawn again only when something of it has changed: scrolling draws new rows alone. */
export const OfferTableRow = memo(function OfferTableRow(props: OfferRowProps) {
  const { index, id, row, columns, topPx, active, compared } = props
  return (
    // The keys of the row are taken by its grid, which holds the focus.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      role="row"
      id={id}
      aria-rowindex={index + 2}
      aria-selected={active}
      className={active ? `${styles['row']} ${styles['active']}` : styles['row']}
      style={{ transform: `translateY(${topPx}px)` }}
      onClick={() => props.onActivate(index)}
      onDoubleClick={() => {
        if (row !== undefined) props.onUse(row)
      }}
    >
      {columns.map((column, place) => {
        const def = columnDef(column)
        if (place > 0) {
          return (
            <div
              key={column}
              role="gridcell"
              className={
                def.right === true ? `${styles['cell']} ${styles['right']}` : styles['cell']
              }
            >
              {row === undefined ? <Waiting /> : def.cell(row)}
            </div>
          )
        }
        return (
          <div key={column} role="gridcell" className={`${styles['cell']} ${styles['first']}`}>
            {row === undefined ? (
              <Waiting />
            ) : (
              <>
                <Mark
                  label={`Favourite ${index + 1}`}
                  pressed={row.favourite}
                  onPress={() => props.onFavourite(row)}
                >
                  {star}
                </Mark>
                <Mark
                  label={`Compare ${index + 1}`}
                  pressed={compared}
                  onPress={() => props.onCompare(row)}
                >
                  {arrows}
                </Mark>
                <span className={styles['name']}>{def.cell(row)}</span>
              </>
            )}
          </div>
        )
      })}
    </div>
  )
})

// The same elements every time: nothing of them is drawn again.
const star = <Star data-fill />
const arrows = <GitCompareArrows />

function Waiting() {
  return <span className={styles['waiting']} aria-hidden />
}

/** Keys act on the row (F, Space), so that the button itself is no stop of the Tab key. */
function Mark(props: {
  readonly label: string
  readonly pressed: boolean
  readonly onPress: () => void
  readonly children: React.ReactNode
}) {
  return (
    <button
      type="button"
      tabIndex={-1}
      className={styles['mark']}
      aria-label={props.label}
      title={props.label.replace(/ \d+$/, '')}
      aria-pressed={props.pressed}
      onClick={(event) => {
        event.stopPropagation()
        props.onPress()
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      {props.children}
    </button>
  )
}
