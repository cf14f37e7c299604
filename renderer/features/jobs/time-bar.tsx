import type { TimelineEntry, JobSummary } from '../../../preload/contract/job.ts'
import { useNow } from '../../ui/now.ts'
import styles from './time-bar.module.css'
import { timeSegments } from './time-segments.ts'

/** Where the time of the job went and goes: stretches as long as they took, with their words below. */
export function TimeBar({
  timeline,
  summary,
}: {
  readonly timeline: readonly TimelineEntry[]
  readonly summary: JobSummary
}) {
  const now = useNow()
  const segments = timeSegments(timeline, summary, now)
  return (
    <ol className={styles['bar']} aria-label="Time of the job">
      {segments.map((segment, index) => (
        <li
          // Stretches are only ever added at the end.
          key={index}
          className={`${styles['part']} ${styles[segment.phase]} ${styles[segment.kind]}`}
          style={{ flexGrow: Math.max(1, Math.round(segment.ms / 100)) }}
          title={segment.label}
        >
          <div className={styles['line']}>
            <div className={styles['done']} style={{ width: `${segment.done * 100}%` }} />
          </div>
          <span className={styles['label']}>{segment.label}</span>
        </li>
      ))}
    </ol>
  )
}
