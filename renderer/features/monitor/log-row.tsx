import { memo } from 'react'
import { findText } from '../../../main/domain/find-text.ts'
import { formatTime } from '../../../main/domain/format.ts'
import type { LogLine } from '../../../preload/contract/services/logs.ts'
import styles from './log-row.module.css'
import { rowParts } from './row-parts.ts'

export interface LogRowProps {
  readonly id: string
  readonly number: number
  /** Undefined while it is being fetched. */
  readonly line: LogLine | undefined
  readonly times: boolean
  readonly numbers: boolean
  readonly wrapped: boolean
  readonly marked: boolean
  readonly chosen: boolean
  readonly found: string
  readonly caseSensitive: boolean
  /** Column of the place on show, if it is in this line. */
  readonly place: number | null
}

/** One line of the log. */
export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { id, number, line, times, numbers, wrapped, marked, chosen } = props
  return (
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      aria-setsize={-1}
      aria-posinset={number + 1}
      data-line={number}
      data-at={line?.at ?? undefined}
      data-marked={marked || undefined}
      className={`${styles['row']} ${wrapped ? styles['wrapped'] : ''}`}
    >
      {numbers ? <span className={styles['number']}>{number + 1}</span> : null}
      {times ? <span className={styles['time']}>{clock(line?.at ?? null)}</span> : null}
      <span className={styles['text']}>
        {line === undefined ? ' ' : <Text {...props} line={line} />}
      </span>
    </div>
  )
})

function Text({ line, found, caseSensitive, place }: LogRowProps & { readonly line: LogLine }) {
  const hits = findText(line.text, found, caseSensitive)
  if (hits.length === 0 && line.spans.length === 0) return line.text
  return rowParts(line.text, line.spans, hits, found.length, place).map((part, index) => {
    const { span } = part
    const look = [
      span?.colour === null || span === null ? '' : styles[`c${span.colour}`],
      span?.bold === true ? styles['bold'] : '',
      span?.dim === true ? styles['dim'] : '',
    ].join(' ')
    return part.hit > 0 ? (
      <mark key={index} className={`${look} ${part.hit === 2 ? styles['current'] : ''}`}>
        {part.text}
      </mark>
    ) : (
      <span key={index} className={look}>
        {part.text}
      </span>
    )
  })
}

function clock(at: number | null): string {
  return at === null ? '' : formatTime(at, { near: at, seconds: true }).slice(0, 8)
}
