import type { Estimate } from '../../../preload/contract/estimate.ts'
import type { JobDetail, JobSummary } from '../../../preload/contract/job.ts'
import { formatDuration, formatMicros } from '../../../main/domain/format.ts'
import { useNow } from '../../ui/now.ts'
import facts from '../../ui/facts.module.css'
import styles from './job-details.module.css'

/** What was expected before, beside what is true now. */
export function EstimateTable({
  detail,
  summary,
  estimate,
}: {
  readonly detail: JobDetail
  readonly summary: JobSummary
  readonly estimate: Estimate
}) {
  const { overhead, ceiling } = detail
  const now = useNow()
  const began = detail.attempts[0]?.startedAt ?? summary.createdAt
  const took = overhead.billedMs ?? (summary.endedAt ?? now) - began
  const limit = detail.spec.limits.maxDurationMs
  const state = summary.settled && summary.endedAt !== null ? 'Actual' : 'So far'
  return (
    <div className={facts['parts']}>
      <table className={styles['grid']}>
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col" className={styles['number']}>
              Estimated
            </th>
            <th scope="col" className={styles['number']}>
              {state}
            </th>
            <th scope="col" className={styles['number']}>
              Confirmed at most
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Cost</th>
            <td className={styles['number']}>
              {formatMicros(estimate.expectedMicros)} ({formatMicros(estimate.lowMicros)} to{' '}
              {formatMicros(estimate.highMicros)})
            </td>
            <td className={styles['number']}>{formatMicros(summary.costMicros)}</td>
            <td className={styles['number']}>{formatMicros(ceiling.micros)}</td>
          </tr>
          <tr>
            <th scope="row">Time on the machine</th>
            <td className={styles['number']}>{formatDuration(estimate.expectedDurationMs)}</td>
            <td className={styles['number']}>{formatDuration(took)}</td>
            <td className={styles['number']}>
              {limit === null ? 'no limit' : `${formatDuration(limit)} of run`}
            </td>
          </tr>
        </tbody>
      </table>
      <dl className={facts['facts']}>
        <Figure name="Useful: the job ran" ms={overhead.usefulMs} />
        <Figure name="Billed" ms={overhead.billedMs} />
        <Figure name="Reachable until started" ms={overhead.reachableToStartedMs} />
        <Figure name="Verified until released" ms={overhead.verifiedToReleaseMs} />
      </dl>
      <ul className={facts['dim']}>
        {estimate.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </div>
  )
}

function Figure({ name, ms }: { readonly name: string; readonly ms: number | null }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{ms === null ? 'not known yet' : formatDuration(ms)}</dd>
    </>
  )
}
