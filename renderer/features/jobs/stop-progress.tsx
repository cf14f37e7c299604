import { useStore } from 'zustand'
import type { JobSummary } from '../../../preload/contract/job.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import styles from './stop-progress.module.css'
import { orderWords } from './stop-words.ts'
import type { Stopper } from './stopper.ts'

const because = {
  user: null,
  budget: 'The budget is used up.',
  duration: 'Its longest duration is over.',
  lease: 'The lease of its machine is over.',
} as const

/** From the click on Stop until the job has ended: what happens now and what comes next. */
export function StopProgress({
  job,
  stopper,
}: {
  readonly job: JobSummary
  readonly stopper: Stopper
}) {
  const order = useStore(stopper.store, (state) => state.orders.get(job.id))
  if (job.endedAt !== null) return null
  if (order?.problem != null) {
    return (
      <div className={styles['place']}>
        <ErrorNotice
          sentence={`${job.name} is not stopped: ${order.problem.message}`}
          onRetry={() => void stopper.again(job.id)}
          retryWords="Stop again"
        />
      </div>
    )
  }
  if (order === undefined && job.stop === null) return null
  const given = order ?? { discard: job.stop?.discard ?? false, preview: null }
  const why = job.stop === null ? null : (job.stop.sentence ?? because[job.stop.reason])
  return (
    <div className={styles['place']} role="status">
      <p className={styles['words']}>
        {why === null ? '' : `${why} `}
        {orderWords(job.state, given)}
      </p>
      {job.state === 'collecting' ? (
        <p className={styles['step']}>{job.progress.sentence}</p>
      ) : null}
      <ProgressBar fraction={job.progress.fraction} label="Stopping" tone="burn" />
    </div>
  )
}
