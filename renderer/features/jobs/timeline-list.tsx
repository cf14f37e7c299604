import type { TimelineEntry } from '../../../preload/contract/job.ts'
import { formatDuration } from '../../../main/domain/format.ts'
import { useNow } from '../../ui/now.ts'
import { ClockTime } from '../../ui/time.tsx'
import styles from './job-details.module.css'

/** Every state with its time, its length and why. */
export function TimelineList({ timeline }: { readonly timeline: readonly TimelineEntry[] }) {
  const now = useNow()
  return (
    <table className={styles['grid']}>
      <thead>
        <tr>
          <th scope="col">From</th>
          <th scope="col">State</th>
          <th scope="col" className={styles['number']}>
            Took
          </th>
          <th scope="col">What happened</th>
        </tr>
      </thead>
      <tbody>
        {timeline.map(({ at, until, state, sentence }, index) => (
          // Entries are only ever added at the end.
          <tr key={index}>
            <td>
              <ClockTime at={at} seconds />
            </td>
            <td>{state}</td>
            <td className={styles['number']}>
              {isLast(index, timeline) && until === null && isOver(state)
                ? ''
                : formatDuration((until ?? now) - at)}
            </td>
            <td>{sentence}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function isLast(index: number, timeline: readonly TimelineEntry[]): boolean {
  return index === timeline.length - 1
}

function isOver(state: TimelineEntry['state']): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}
