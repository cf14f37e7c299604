import type { JobDetail, JobSummary } from '../../../preload/contract/job.ts'
import { formatBytes, formatCount, formatMicros, formatTime } from '../../../main/domain/format.ts'
import { ErrorNotice, Note } from '../../ui/error-notice.tsx'
import { useNow } from '../../ui/now.ts'
import styles from './job-ending.module.css'
import { receiptWords } from '../../ui/receipt-words.ts'
import { endingWords } from './job-words.ts'

/** What became of a job that has ended, and the proof that nothing is left; before, what ends it. */
export function JobEnding({
  job,
  detail,
}: {
  readonly job: JobSummary
  readonly detail: JobDetail | null
}) {
  const now = useNow()
  if (job.state === 'interrupted') {
    const why = detail?.timeline.at(-1)
    return why?.state !== 'interrupted' ? null : (
      <div className={styles['place']}>
        <Note warn>
          {sentence(why.sentence)} Another machine is taken inside what you confirmed; what is home
          already goes with it.
        </Note>
      </div>
    )
  }
  if (job.endedAt === null) {
    if (job.stop !== null) return null
    if (job.error !== null) {
      return (
        <div className={styles['place']}>
          <ErrorNotice sentence={job.error.message} />
        </div>
      )
    }
    return job.endBecause === null || job.endBy === null ? null : (
      <div className={styles['place']}>
        <Note>
          Ends {formatTime(job.endBy, { near: now })} at the latest: {job.endBecause} What it has
          made comes home before.
        </Note>
      </div>
    )
  }
  const receipt = detail?.receipts.at(-1) ?? null
  return (
    <div className={styles['place']}>
      {job.state === 'failed' ? (
        <ErrorNotice sentence={sentence(endingWords(job))}>
          {' '}
          It cost {formatMicros(job.costMicros)}. Retry runs the same files again.
        </ErrorNotice>
      ) : job.state === 'cancelled' ? (
        <Note>
          {job.error?.message ?? 'Stopped by you.'} It cost {formatMicros(job.costMicros)}.
        </Note>
      ) : null}
      <p className={styles['proof']}>
        {receipt === null
          ? job.rentalId === null
            ? 'No machine was rented.'
            : job.settled
              ? ''
              : 'Its machine is kept warm or still being given back; the receipt follows.'
          : receiptWords(receipt, job.machine, now)}{' '}
        {detail === null ? '' : resultWords(detail)}
      </p>
    </div>
  )
}

function sentence(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`
}

function resultWords({ outputs }: JobDetail): string {
  if (outputs === null) return 'No results were collected at the end.'
  if (outputs.files === 0) return 'The job left no results.'
  const what = `${formatCount(outputs.files, 'file')}, ${formatBytes(outputs.bytes)}`
  const checked = outputs.verified
    ? ', each with the hash that the machine had'
    : ', not all verified'
  return `Results are home: ${what}${checked}.`
}
