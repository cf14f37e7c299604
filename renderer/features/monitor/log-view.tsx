import { useEffect, useId, useRef, type MouseEvent } from 'react'
import { useStore } from 'zustand'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import type { ScrubStore } from '../../ui/live-chart/scrub-store.ts'
import type { FindStore } from './find-store.ts'
import { LogBar } from './log-bar.tsx'
import { logKey } from './log-keys.ts'
import { LogRow } from './log-row.tsx'
import { isScaled, lastTop, rowPx, spacerPx } from './log-scroll.ts'
import type { LogStore } from './log-store.ts'
import styles from './log-view.module.css'
import { useLogScroll } from './use-log-scroll.ts'

export interface LogViewProps {
  readonly jobId: string
  readonly log: LogStore
  readonly find: FindStore
  readonly scrub: ScrubStore
  /** Why there is no line (yet). */
  readonly emptyWords: string
}

/** A log of any length: only the lines in sight exist, the rest is fetched as it comes into it. */
export function LogView({ jobId, log, find, scrub, emptyWords }: LogViewProps) {
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const state = useStore(log)
  const found = useStore(find)
  useLogScroll(log, scroller, state)

  const { extent, top, viewportPx, wrapped, following, cursor, anchor } = state
  const lines = extent?.lines ?? 0
  const room = { lines, viewportPx, wrapped }
  const first = Math.max(0, Math.floor(top))
  const count = Math.min(lines - first, Math.ceil(viewportPx / rowPx) + 1)
  useEffect(() => {
    log.want(first - 60, first + count + 60)
  }, [log, first, count])
  useEffect(() => find.lookOn(lines), [find, lines])
  const { current } = found
  useEffect(() => {
    const shown = current === null ? null : find.place()
    if (shown !== null) log.show(shown.line)
  }, [log, find, current])
  useEffect(
    () =>
      scrub.subscribe(({ at, source }) => {
        if (source !== 'log') log.mark(at)
      }),
    [log, scrub],
  )

  const step = (by: 1 | -1): void => {
    const line = find.step(by)
    if (line !== null) log.show(line)
  }
  const copy = async (): Promise<void> => navigator.clipboard.writeText(await log.text())
  const place = find.place()
  const [low, high] =
    cursor === null || anchor === null
      ? [0, -1]
      : [Math.min(cursor, anchor), Math.max(cursor, anchor)]
  const atEnd = wrapped && following && top >= lastTop(room) - 0.5
  const shift = isScaled(room) && wrapped ? 0 : -(top - first) * rowPx

  return (
    <section className={styles['frame']} aria-label="Log">
      <div className={styles['inside']}>
        <LogBar jobId={jobId} log={log} find={find} input={input} onStep={step} />
        {state.problem === null ? null : (
          <ErrorNotice
            sentence={state.problem.message}
            onRetry={() => log.want(first - 60, first + count + 60)}
          />
        )}
        {extent !== null && lines === 0 ? <p className={styles['empty']}>{emptyWords}</p> : null}
        <div
          ref={scroller}
          className={styles['scroller']}
          hidden={lines === 0}
          role="listbox"
          aria-label="Lines of the log"
          aria-multiselectable
          // Only what exists can be named.
          aria-activedescendant={
            cursor !== null && cursor >= first && cursor < first + count
              ? `${id}-${cursor}`
              : undefined
          }
          tabIndex={0}
          onKeyDown={(event) => {
            // What is marked inside of lines is copied by the browser.
            const marksText = window.getSelection()?.isCollapsed === false
            if (marksText && event.key.toLowerCase() === 'c') return
            const actions = {
              focusFind: () => input.current?.focus(),
              step,
              copy: () => void copy(),
            }
            if (logKey(log, event, actions)) event.preventDefault()
          }}
          onMouseDown={(event) => choose(event, log)}
          onMouseMove={(event) => point(event, scrub)}
          onMouseLeave={() => scrub.leave('log')}
        >
          <div style={{ height: spacerPx(room) }}>
            <div
              className={`${styles['layer']} ${atEnd ? styles['bottom'] : ''}`}
              style={{ height: viewportPx }}
            >
              <div style={{ transform: `translateY(${shift}px)` }}>
                {Array.from({ length: Math.max(0, count) }, (_, index) => {
                  const number = first + index
                  return (
                    <LogRow
                      key={number}
                      id={`${id}-${number}`}
                      number={number}
                      line={log.line(number)}
                      times={state.times}
                      numbers={state.numbers}
                      wrapped={wrapped}
                      marked={number === state.marked}
                      chosen={number >= low && number <= high}
                      found={found.text}
                      caseSensitive={found.caseSensitive}
                      place={place?.line === number ? place.column : null}
                    />
                  )
                })}
              </div>
            </div>
          </div>
        </div>
      </div>
    </section>
  )
}

/** A click chooses a line, with Shift up to there; a drag over text marks text as anywhere. */
function choose(event: MouseEvent<HTMLElement>, log: LogStore): void {
  if (event.button !== 0) return
  const row = rowOf(event)
  if (row === null) return
  const { cursor, anchor } = log.getState()
  if (event.shiftKey && cursor !== null) {
    event.preventDefault()
    log.set({ cursor: row.line, anchor: anchor ?? cursor })
  } else log.set({ cursor: row.line, anchor: row.line })
}

function point(event: MouseEvent<HTMLElement>, scrub: ScrubStore): void {
  const row = rowOf(event)
  if (row !== null && row.at !== null) scrub.point(row.at, 'log')
}

function rowOf(event: MouseEvent<HTMLElement>): { line: number; at: number | null } | null {
  const row = (event.target as HTMLElement).closest<HTMLElement>('[data-line]')
  if (row === null) return null
  const { line, at } = row.dataset
  return { line: Number(line), at: at === undefined ? null : Number(at) }
}
