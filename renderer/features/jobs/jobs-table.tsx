import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useStore } from 'zustand'
import { formatCount } from '../../../main/domain/format.ts'
import { JobRow } from './job-row.tsx'
import type { JobsList } from './jobs-list-store.ts'
import styles from './jobs-table.module.css'
import { stepFrom } from './step-from.ts'
import type { Stopper } from './stopper.ts'

const rowPx = 48
const headingPx = 32
/** Past the view, so that a key held down always finds its next row. */
const overscan = 12

/** The rows, of which only those in sight exist. Arrows move, Enter opens, S stops. */
export function JobsTable({
  list,
  stopper,
}: {
  readonly list: JobsList
  readonly stopper: Stopper
}) {
  const { rows, waiting, filter } = useStore(list.store)
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState<string | null>(null)
  const wantsFocus = useRef(false)
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'heading' ? headingPx : rowPx),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan,
  })
  const first = useMemo(() => rows.find((row) => row.kind === 'job')?.key ?? null, [rows])
  const current = rows.some((row) => row.key === active) ? active : first

  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 })
  }, [filter])

  useEffect(() => {
    if (!wantsFocus.current || current === null) return
    wantsFocus.current = false
    const row = scroller.current?.querySelector(`[data-job="${CSS.escape(current)}"]`)
    if (row instanceof HTMLElement) row.focus({ preventScroll: true })
  })

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || current === null) return
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? rowPx) / rowPx) - 1)
    const next = stepFrom(rows, current, event.key, page)
    if (next === null) return
    wantsFocus.current = true
    setActive(next)
    virtualizer.scrollToIndex(rows.findIndex((row) => row.key === next))
    event.preventDefault()
  }

  return (
    <div className={styles['frame']}>
      <div
        ref={scroller}
        className={styles['scroller']}
        role="grid"
        tabIndex={-1}
        aria-label="Jobs"
        aria-rowcount={rows.length}
        aria-describedby="jobs-keys"
        onKeyDown={onKeyDown}
        onPointerEnter={() => list.hold(true)}
        onPointerLeave={() => list.hold(false)}
      >
        <div
          className={styles['space']}
          role="presentation"
          style={{ height: virtualizer.getTotalSize() }}
        >
          {virtualizer.getVirtualItems().map(({ index, key, start, size }) => {
            const row = rows[index]
            if (row === undefined) return null
            const place = { transform: `translateY(${start}px)`, height: size }
            return row.kind === 'heading' ? (
              <div
                key={key}
                role="row"
                aria-rowindex={index + 1}
                className={styles['heading']}
                style={place}
              >
                <span role="rowheader">
                  {row.words} <span className={styles['count']}>{row.count}</span>
                </span>
              </div>
            ) : (
              <JobRow
                key={key}
                jobId={row.key}
                index={index}
                isCurrent={row.key === current}
                style={place}
                stopper={stopper}
                onFocus={() => setActive(row.key)}
              />
            )
          })}
        </div>
      </div>
      <p id="jobs-keys" className={styles['keys']}>
        {waiting > 0
          ? `${formatCount(waiting, 'row')} will move when the pointer leaves the list`
          : 'Arrows move, Enter opens, S stops'}
      </p>
    </div>
  )
}
