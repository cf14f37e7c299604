import { useEffect, useMemo } from 'react'
import { useStore } from 'zustand'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState, Loading } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Page } from '../../ui/page.tsx'
import { JobMonitor } from '../monitor/job-monitor.tsx'
import { Connections } from './connections.tsx'
import { JobDetails } from './job-details.tsx'
import { JobEnding } from './job-ending.tsx'
import { JobActions, JobFacts, JobTitle } from './job-head.tsx'
import styles from './job-page.module.css'
import { createJobStore } from './job-store.ts'
import { OutputFiles } from './output-files.tsx'
import { StopDialog } from './stop-dialog.tsx'
import { StopProgress } from './stop-progress.tsx'
import { createStopper } from './stopper.ts'
import { TimeBar } from './time-bar.tsx'

/** One job: what it does, what it made, and what can be done with it. */
export function JobPage({ jobId }: { readonly jobId: string }) {
  const { engine, router } = useApp()
  const page = useMemo(() => createJobStore(engine, jobId), [engine, jobId])
  const stopper = useMemo(() => createStopper(engine.api), [engine])
  useEffect(() => {
    page.open()
    return page.close
  }, [page])
  const { summary, detail, problem, outputs, outputsProblem } = useStore(page.store)
  const order = useStore(stopper.store, (state) => state.orders.get(jobId))
  if (summary === null) {
    return (
      <Page title="Job">
        {problem === null ? (
          <Loading what="the job" />
        ) : problem.code === 'not-found' ? (
          <EmptyState
            title="There is no such job here"
            actions={
              <Button onClick={() => router.go({ page: 'jobs', params: {} })}>All jobs</Button>
            }
          >
            {problem.message}
          </EmptyState>
        ) : (
          <ErrorNotice sentence={problem.message} onRetry={page.retry} />
        )}
      </Page>
    )
  }
  return (
    <Page
      title={summary.name}
      sub={<JobTitle job={summary} ordered={order !== undefined && order.problem === null} />}
      actions={<JobActions job={summary} stopper={stopper} />}
    >
      <JobFacts job={summary} />
      {problem === null ? null : (
        <ErrorNotice
          sentence={`This page is not up to date: ${problem.message}`}
          onRetry={page.retry}
        />
      )}
      <StopProgress job={summary} stopper={stopper} />
      <JobEnding job={summary} detail={detail} />
      {detail === null ? null : <TimeBar timeline={detail.timeline} summary={summary} />}
      <div className={styles['monitor']}>
        <JobMonitor jobId={jobId} />
      </div>
      <OutputFiles job={summary} outputs={outputs} problem={outputsProblem} onRetry={page.retry} />
      <Connections job={summary} />
      {detail === null ? null : <JobDetails detail={detail} summary={summary} />}
      <StopDialog stopper={stopper} />
    </Page>
  )
}
