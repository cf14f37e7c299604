import { useStore } from 'zustand'
import type { JobSummary } from '../../../preload/contract/job.ts'
import type { StopPreview } from '../../../preload/contract/job-actions.ts'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { stoppable } from './job-state.ts'
import styles from './stop-dialog.module.css'
import type { Stopper } from './stopper.ts'
import { collectWords, discardWords, hasResults } from './stop-words.ts'

/** Asks how to stop, and says what each way brings. The click acts at once. */
export function StopDialog({ stopper }: { readonly stopper: Stopper }) {
  const { jobs } = useApp()
  const { asking, preview } = useStore(stopper.store)
  const job = useStore(jobs, (state) => (asking === null ? undefined : state.jobs?.get(asking)))
  const can = job === undefined ? 'no' : stoppable(job)
  return (
    <Dialog
      open={job !== undefined}
      onClose={stopper.leave}
      title={titleOf(job, can)}
      actions={
        <>
          <Button onClick={stopper.leave}>{can === 'no' ? 'Close' : 'Keep running'}</Button>
          {job === undefined ? null : <Orders job={job} can={can} stopper={stopper} />}
        </>
      }
    >
      {job === undefined ? null : can === 'no' ? (
        <p>{job.progress.sentence}</p>
      ) : (
        <Ways job={job} can={can} preview={preview} />
      )}
    </Dialog>
  )
}

type Can = ReturnType<typeof stoppable>

function titleOf(job: JobSummary | undefined, can: Can): string {
  if (job === undefined) return 'Stop'
  if (can === 'no') return `${job.name} is ending already`
  return can === 'stop' ? `Stop ${job.name}?` : `Drop the results of ${job.name}?`
}

function Orders({
  job,
  can,
  stopper,
}: {
  readonly job: JobSummary
  readonly can: Can
  readonly stopper: Stopper
}) {
  const results = hasResults(job.state)
  return (
    <>
      {results && can !== 'no' ? (
        <Button look="stop" onClick={() => void stopper.stop(job.id, true)}>
          Discard results and stop
        </Button>
      ) : null}
      {can === 'stop' ? (
        <Button look="danger" onClick={() => void stopper.stop(job.id, false)}>
          {results ? 'Collect results, then stop' : 'Stop'}
        </Button>
      ) : null}
    </>
  )
}

function Ways({
  job,
  can,
  preview,
}: {
  readonly job: JobSummary
  readonly can: Can
  readonly preview: StopPreview | null
}) {
  const results = hasResults(job.state)
  return (
    <dl className={styles['ways']}>
      {can === 'stop' ? (
        <div>
          <dt>{results ? 'Collect results, then stop' : 'Stop'}</dt>
          <dd>{collectWords(job.state, preview)}</dd>
        </div>
      ) : null}
      {results ? (
        <div>
          <dt>Discard results and stop</dt>
          <dd>{discardWords(preview)}</dd>
        </div>
      ) : null}
    </dl>
  )
}
