import type { CSSProperties, KeyboardEvent } from 'react'
import { useStore } from 'zustand'
import type { JobSummary } from '../../../preload/contract/job.ts'
import { useApp } from '../../app/app-context.ts'
import { routePath } from '../../app/routes.ts'
import { formatMicros, formatTime } from '../../../main/domain/format.ts'
import { Button } from '../../ui/button.tsx'
import { useNow } from '../../ui/now.ts'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { Tag } from '../../ui/tag.tsx'
import { stateTag, stoppable } from './job-state.ts'
import { costDetail, endingWords } from './job-words.ts'
import styles from './jobs-table.module.css'
import { dayWords } from './list-rows.ts'
import type { Stopper, StopOrder } from './stopper.ts'
import { orderWords } from './stop-words.ts'

const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

export interface JobRowProps {
  readonly jobId: string
  readonly index: number
  readonly isCurrent: boolean
  readonly style: CSSProperties
  readonly stopper: Stopper
  readonly onFocus: () => void
}

/** One job of the list; redrawn only when that job changes. */
export function JobRow({ jobId, index, isCurrent, style, stopper, onFocus }: JobRowProps) {
  const { jobs, router } = useApp()
  const job = useStore(jobs, (state) => state.jobs?.get(jobId))
  const order = useStore(stopper.store, (state) => state.orders.get(jobId))
  if (job === undefined) return null
  const ended = job.endedAt !== null
  // A bar that stands still for hours says what is not so.
  const isOpenEnded = job.state === 'running' && job.expected?.known !== true
  const tag =
    order === undefined || ended ? stateTag(job) : { word: 'stopping', tone: 'burn' as const }
  const open = (): void => router.go({ page: 'job', jobId, params: {} })
  const onKey = (event: KeyboardEvent): void => {
    const isOwn = event.target === event.currentTarget
    if (!isOwn || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Enter') open()
    else if (event.key.toLowerCase() === 's' && stoppable(job) !== 'no') stopper.ask(jobId)
    else return
    event.preventDefault()
  }
  const sentence = ended ? endingWords(job) : underWay(job, order)
  return (
    <div
      role="row"
      aria-rowindex={index + 1}
      data-job={jobId}
      tabIndex={isCurrent ? 0 : -1}
      className={styles['row']}
      style={style}
      onFocus={onFocus}
      onClick={open}
      onKeyDown={onKey}
    >
      <div role="gridcell">
        <Tag tone={tag.tone}>{tag.word}</Tag>
      </div>
      <div role="gridcell" className={styles['two']}>
        <a
          href={`#${routePath({ page: 'job', jobId, params: {} })}`}
          tabIndex={-1}
          className={styles['name']}
          title={job.name}
          onClick={(event) => event.stopPropagation()}
        >
          {job.name}
        </a>
        {job.project === null ? null : <span className={styles['dim']}>{job.project}</span>}
      </div>
      <div role="gridcell" className={styles['two']}>
        {order?.problem == null ? (
          <span
            className={`${styles['line']} ${job.state === 'failed' ? styles['bad'] : ''}`}
            title={sentence}
          >
            {sentence}
          </span>
        ) : (
          <span
            className={`${styles['line']} ${styles['bad']}`}
            role="alert"
            title={order.problem.message}
          >
            Not stopped: {order.problem.message}
          </span>
        )}
        {ended || isOpenEnded ? null : (
          <ProgressBar fraction={job.progress.fraction} label={`Progress of ${job.name}`} />
        )}
      </div>
      <div
        role="gridcell"
        className={`${styles['two']} ${styles['machine']}`}
        title={job.machine ?? undefined}
      >
        <span className={styles['line']}>{job.machine?.split(' · ')[0] ?? 'no machine'}</span>
        <span className={styles['dim']}>{job.machine?.split(' · ')[1] ?? ''}</span>
      </div>
      <div role="gridcell" className={`${styles['two']} ${styles['right']}`}>
        <b className={ended ? undefined : styles['burn']}>{formatMicros(job.costMicros)}</b>
        <span className={styles['dim']}>{costDetail(job)}</span>
      </div>
      <div role="gridcell" className={`${styles['two']} ${styles['right']}`}>
        <EndCell job={job} />
      </div>
      <div role="gridcell" className={styles['stop']}>
        <StopButton jobId={jobId} stopper={stopper} />
      </div>
    </div>
  )
}

/** From the click on Stop until the results travel, what was ordered; else what the job says. */
function underWay(job: JobSummary, order: StopOrder | undefined): string {
  const given = order ?? (job.stop === null ? null : { discard: job.stop.discard, preview: null })
  const isWaiting = job.stop === null || job.state === 'running'
  return given !== null && isWaiting ? orderWords(job.state, given) : job.progress.sentence
}

/** When it ends at the latest, or has ended: the time, and below it the day if it is not today. */
function EndCell({ job }: { readonly job: JobSummary }) {
  const now = useNow()
  const at = job.endedAt ?? job.endBy
  if (at === null) return null
  const what = job.endedAt === null ? 'ends at the latest' : 'ended'
  const isToday = dayWords(at, now) === 'Today'
  return (
    <>
      <time dateTime={new Date(at).toISOString()}>{formatTime(at, { near: at })}</time>
      <span className={styles['dim']}>
        {isToday || job.endedAt !== null ? what : `${shortDay.format(at)} at the latest`}
      </span>
    </>
  )
}

function StopButton({ jobId, stopper }: { readonly jobId: string; readonly stopper: Stopper }) {
  const { jobs } = useApp()
  const job = useStore(jobs, (state) => state.jobs?.get(jobId))
  const order = useStore(stopper.store, (state) => state.orders.get(jobId))
  if (job === undefined) return null
  const can = stoppable(job)
  if (order?.problem != null && can !== 'no') {
    return (
      <Button
        look="stop"
        tabIndex={-1}
        aria-label={`Stop ${job.name} again`}
        onClick={(event) => {
          event.stopPropagation()
          void stopper.again(jobId)
        }}
      >
        Again
      </Button>
    )
  }
  if (can === 'no' || (order !== undefined && job.stop === null)) return null
  return (
    <Button
      look="stop"
      tabIndex={-1}
      aria-label={can === 'stop' ? `Stop ${job.name}` : `Drop the results of ${job.name}`}
      onClick={(event) => {
        event.stopPropagation()
        stopper.ask(jobId)
      }}
    >
      {can === 'stop' ? 'Stop' : 'Drop'}
    </Button>
  )
}
