import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { RentalId } from '../../../preload/contract/rental.ts'
import type { SpendMonth, SpendRow } from '../../../preload/contract/spend.ts'
import { formatMicros, formatTime } from '../../../main/domain/format.ts'
import { zoneOffset } from '../../../main/domain/zone-offset.ts'
import styles from './entries.module.css'
import { ReceiptDialog } from './receipt-dialog.tsx'
import type { SpendTable } from './spend-store.ts'
import {
  machineWords,
  percent,
  receiptWords,
  reconciledWords,
  statusSentence,
  usefulShare,
  whenWords,
} from './spend-words.ts'

export interface EntriesTableProps {
  readonly table: SpendTable
  readonly month: SpendMonth
  /** Called with the rows that are in sight, both included. */
  readonly onNeed: (first: number, last: number) => void
}

const rowHeight = 32
const columns = [
  'When',
  'Job',
  'Machine',
  'Useful',
  'Estimate',
  'Metered',
  'Reconciled',
  'Receipt',
] as const
const rightAligned = new Set<string>(['Useful', 'Estimate', 'Metered', 'Reconciled'])

/** What jobs cost on machines, as many rows as there are; only those in sight are drawn. */
export function EntriesTable({ table, month, onNeed }: EntriesTableProps) {
  const list = useRef<HTMLDivElement>(null)
  const [margin, setMargin] = useState(0)
  const [shown, setShown] = useState<RentalId | null>(null)
  const offset = useMemo(() => zoneOffset(month.zone), [month.zone])
  const virtual = useVirtualizer({
    count: table.total,
    getScrollElement: () => scrollParent(list.current),
    estimateSize: () => rowHeight,
    scrollMargin: margin,
    overscan: 12,
    initialRect: { width: 800, height: 800 },
  })
  useEffect(() => {
    const scroller = scrollParent(list.current)
    if (list.current === null || scroller === null) return
    const top = list.current.getBoundingClientRect().top - scroller.getBoundingClientRect().top
    setMargin(Math.round(top + scroller.scrollTop))
  }, [table])
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    onNeed(first, last)
    // `onNeed` is new at every drawing; the rows in sight are what matters.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [first, last, table.total])
  return (
    <div role="table" aria-label="Entries" aria-rowcount={table.total + 1}>
      <div role="row" aria-rowindex={1} className={`${styles['row']} ${styles['titles']}`}>
        {columns.map((title) => (
          <span
            key={title}
            role="columnheader"
            className={rightAligned.has(title) ? styles['right'] : undefined}
            title={
              title === 'Useful' ? 'Of the seconds paid for, those that ran the job' : undefined
            }
          >
            {title}
            {title === 'Useful' ? <span className={styles['wide']}> / billed</span> : null}
          </span>
        ))}
      </div>
      <div
        ref={list}
        role="rowgroup"
        className={styles['list']}
        style={{ height: virtual.getTotalSize() }}
      >
        {items.map((item) => (
          <div
            key={item.key}
            role="row"
            aria-rowindex={item.index + 2}
            className={styles['row']}
            style={{ transform: `translateY(${item.start - margin}px)` }}
          >
            <Cells row={table.rows.get(item.index)} offset={offset} onReceipt={setShown} />
          </div>
        ))}
      </div>
      {shown === null ? null : <ReceiptDialog rentalId={shown} onClose={() => setShown(null)} />}
    </div>
  )
}

function Cells({
  row,
  offset,
  onReceipt,
}: {
  readonly row: SpendRow | undefined
  readonly onReceipt: (rentalId: RentalId) => void
  readonly offset: (at: number) => number
}) {
  if (row === undefined) return <span role="cell" className={styles['loading']} />
  const useful = usefulShare(row)
  const offsetMinutes = offset(row.from)
  const receipt = row.receiptAt === null ? 'none yet' : receiptWords(row, offsetMinutes)
  return (
    <>
      <span role="cell" className={styles['dim']} title={formatTime(row.from, { offsetMinutes })}>
        {whenWords(row.from, offsetMinutes)}
      </span>
      <span role="cell" className={styles['cut']}>
        {row.jobId === null ? (
          <span className={styles['dim']}>idle</span>
        ) : (
          <a href={`#/jobs/${encodeURIComponent(row.jobId)}`} title={row.jobName ?? row.jobId}>
            {row.jobName ?? row.jobId}
          </a>
        )}
      </span>
      <span role="cell" className={`${styles['cut']} ${styles['dim']}`}>
        {machineWords(row, (id) => id)}
      </span>
      <span role="cell" className={styles['right']}>
        {useful === null ? '' : percent(useful)}
      </span>
      <span role="cell" className={styles['right']}>
        {row.estimateMicros === null ? '' : formatMicros(row.estimateMicros)}
      </span>
      <span role="cell" className={styles['right']}>
        {formatMicros(row.meteredMicros)}
      </span>
      <span role="cell" className={styles['right']} title={statusSentence(row)}>
        <span className={row.reconciledMicros === null ? styles['word'] : undefined}>
          {reconciledWords(row)}
        </span>
      </span>
      <span role="cell">
        <button
          type="button"
          className={styles['receipt']}
          aria-label={`${receipt}, receipt of ${row.jobName ?? 'idle time'}`}
          title={
            row.receiptAt === null
              ? 'There is no receipt yet: why'
              : formatTime(row.receiptAt, { offsetMinutes: offset(row.receiptAt), seconds: true })
          }
          onClick={() => onReceipt(row.rentalId)}
        >
          {receipt}
        </button>
      </span>
    </>
  )
}

/** The element that scrolls the list: the page. */
function scrollParent(element: HTMLElement | null): HTMLElement | null {
  for (let at = element?.parentElement ?? null; at !== null; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at
  }
  return null
}
