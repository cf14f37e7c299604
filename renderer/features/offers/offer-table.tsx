import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useCallback, useEffect, useId, useRef } from 'react'
import { useStore } from 'zustand'
import type { OfferRow } from '../../../preload/contract/offer-view.ts'
import { columnDef } from './offer-columns.tsx'
import { OfferTableRow } from './offer-row.tsx'
import styles from './offer-table.module.css'
import type { OffersStore } from './offers-store.ts'
import { tableKey } from './table-keys.ts'

const rowPx = 32
const headPx = 31
const overscan = 4

/** All offers that fit: a grid of which only the rows in sight exist. */
export function OfferTable({
  store,
  onUse,
}: {
  readonly store: OffersStore
  readonly onUse: (row: OfferRow) => void
}) {
  const { view, rows, columns, sort, active, compared, filter, forJob } = useStore(store)
  const scroller = useRef<HTMLDivElement>(null)
  const prefix = useId()
  const count = view?.matching ?? 0
  // Nothing here is memoised by the compiler that this rule speaks of.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan,
    scrollMargin: headPx,
    scrollPaddingStart: headPx,
  })
  const items = virtual.getVirtualItems()
  const pool = Math.ceil((virtual.scrollRect?.height ?? 800) / rowPx) + 2 * overscan + 1
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0

  useEffect(() => store.need(first, last), [store, first, last, view?.viewId])
  // Another question is another list: it starts at its top.
  useEffect(() => {
    // In braces: newer browsers answer with a promise, which is no clean-up.
    scroller.current?.scrollTo({ top: 0 })
  }, [filter, sort, forJob])

  const totalPx = columns.reduce((sum, id) => sum + columnDef(id).widthPx, 0)
  // Shares of a row that is never narrower than their sum: cheaper to lay out than fractions.
  const template = columns.map((id) => `${(columnDef(id).widthPx / totalPx) * 100}%`).join(' ')
  const activate = useCallback((index: number) => store.activate(index), [store])
  const favourite = useCallback((row: OfferRow) => store.toggleFavourite(row), [store])
  const compare = useCallback((row: OfferRow) => store.toggleCompare(row), [store])
  const pageRows = Math.max(
    1,
    Math.floor(((virtual.scrollRect?.height ?? 400) - headPx) / rowPx) - 1,
  )

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label="Offers"
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-activedescendant={
        active !== null && active >= first && active <= last ? `${prefix}-${active}` : undefined
      }
      tabIndex={0}
      className={styles['grid']}
      style={{ '--columns': template, '--total': `${totalPx}px` } as React.CSSProperties}
      onPointerEnter={() => store.engage(true)}
      onPointerLeave={() => store.engage(false)}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey)
          return
        const action = tableKey(event.key, active, count, pageRows)
        if (action === null) return
        event.preventDefault()
        if (action.kind === 'move') {
          store.activate(action.to)
          virtual.scrollToIndex(action.to, { align: 'auto' })
          return
        }
        const row = active === null ? undefined : rows.get(active)
        if (row === undefined) return
        if (action.kind === 'use') onUse(row)
        else if (action.kind === 'favourite') store.toggleFavourite(row)
        else store.toggleCompare(row)
      }}
    >
      <div role="rowgroup" className={styles['head']}>
        <div role="row" aria-rowindex={1} className={styles['headRow']}>
          {columns.map((id, place) => {
            const def = columnDef(id)
            const sorted = sort.column === id
            const order = sort.descending ? 'descending' : 'ascending'
            return (
              <div
                key={id}
                role="columnheader"
                aria-sort={sorted ? order : 'none'}
                className={`${styles['headCell']} ${place === 0 ? styles['first'] : ''} ${def.right === true ? styles['right'] : ''}`}
              >
                <button
                  type="button"
                  className={styles['sort']}
                  data-sorted={sorted || undefined}
                  title={def.name}
                  onClick={() => store.sortBy(id)}
                >
                  {def.header}
                  {sorted ? (
                    sort.descending ? (
                      <ArrowDown aria-hidden />
                    ) : (
                      <ArrowUp aria-hidden />
                    )
                  ) : null}
                </button>
              </div>
            )
          })}
        </div>
      </div>
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start }) => {
          const row = rows.get(index)
          return (
            <OfferTableRow
              // Rows that leave give their elements to those that come.
              key={index % pool}
              id={`${prefix}-${index}`}
              index={index}
              row={row}
              columns={columns}
              topPx={start - headPx}
              active={index === active}
              compared={row !== undefined && compared.has(row.offer.id)}
              onActivate={activate}
              onUse={onUse}
              onFavourite={favourite}
              onCompare={compare}
            />
          )
        })}
      </div>
    </div>
  )
}
