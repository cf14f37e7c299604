import { useStore } from 'zustand'
import { useState } from 'react'
import type { JobSummary } from '../../../preload/contract/job.ts'
import { formatMicros } from '../../../main/domain/format.ts'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { Tag } from '../../ui/tag.tsx'
import { ClockTime } from '../../ui/time.tsx'
import { ExtendDialog } from './extend-dialog.tsx'
import styles from './job-head.module.css'
import { extendable, stateTag, stoppable } from './job-state.ts'
import { costDetail } from './job-words.ts'
import { RetryDialog } from './retry-dialog.tsx'
import type { Stopper } from './stopper.ts'

/** Beside the name: the state, and where there is room machine and end. */
export function JobTitle({
  job,
  ordered,
}: {
  readonly job: JobSummary
  readonly ordered: boolean
}) {
  const ended = job.endedAt !== null
  const tag = ordered && !ended ? { word: 'stopping', tone: 'burn' as const } : stateTag(job)
  return (
    <>
      <Tag tone={tag.tone}>{tag.word}</Tag>
      <Facts job={job} />
    </>
  )
}

/** The same facts on a line of their own, in a narrow window. */
export function JobFacts({ job }: { readonly job: JobSummary }) {
  return (
    <div className={styles['below']}>
      <Facts job={job} />
    </div>
  )
}

function Facts({ job }: { readonly job: JobSummary }) {
  return (
    <span className={styles['facts']}>
      {job.machine === null ? null : `${job.machine} · `}
      {job.endedAt !== null ? (
        <>
          ended <ClockTime at={job.endedAt} />
        </>
      ) : job.endBy === null ? null : (
        <>
          ends <ClockTime at={job.endBy} /> at the latest
        </>
      )}
    </span>
  )
}

/** Cost so far, and what can be done with the job. */
export function JobActions({
  job,
  stopper,
}: {
  readonly job: JobSummary
  readonly stopper: Stopper
}) {
  const { router } = useApp()
  const [dialog, setDialog] = useState<'extend' | 'retry' | null>(null)
  const close = (): void => setDialog(null)
  const ended = job.endedAt !== null
  return (
    <>
      <span className={styles['cost']}>
        <b className={ended ? undefined : styles['burn']}>{formatMicros(job.costMicros)}</b>{' '}
        {costDetail(job)}
      </span>
      {extendable(job) ? <Button onClick={() => setDialog('extend')}>Extend</Button> : null}
      {ended ? <Button onClick={() => setDialog('retry')}>Retry</Button> : null}
      {ended ? (
        <Button onClick={() => router.go({ page: 'run', params: { template: job.id } })}>
          Duplicate
        </Button>
      ) : null}
      <StopButton job={job} stopper={stopper} />
      {dialog === 'extend' ? <ExtendDialog job={job} onClose={close} /> : null}
      {dialog === 'retry' ? <RetryDialog job={job} onClose={close} /> : null}
    </>
  )
}

/** Never a dead button: once the order is given, only what still changes something stands here. */
function StopButton({ job, stopper }: { readonly job: JobSummary; readonly stopper: Stopper }) {
  const order = useStore(stopper.store, (state) => state.orders.get(job.id))
  const can = stoppable(job)
  if (can === 'no') return null
  if (order?.problem != null) {
    return (
      <Button look="stop" onClick={() => void stopper.again(job.id)}>
        Stop again
      </Button>
    )
  }
  if (can === 'stop' && order !== undefined) return null
  return (
    <Button look="stop" onClick={() => stopper.ask(job.id)}>
      {can === 'stop' ? 'Stop' : 'Drop results'}
    </Button>
  )
}
