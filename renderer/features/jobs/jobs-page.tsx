import { useEffect, useMemo } from 'react'
import { useStore } from 'zustand'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState, Loading } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Page } from '../../ui/page.tsx'
import { filterOf, paramsOf } from './filter-params.ts'
import { JobsFilter } from './jobs-filter.tsx'
import { createJobsList } from './jobs-list-store.ts'
import { JobsTable } from './jobs-table.tsx'
import { noFilter } from './list-rows.ts'
import { NoJobs } from './no-jobs.tsx'
import { StopDialog } from './stop-dialog.tsx'
import { createStopper } from './stopper.ts'

/** The Jobs page: what runs, then what has ended, a row each. */
export function JobsPage() {
  const { engine, jobs: jobsStore, router } = useApp()
  const list = useMemo(
    () => createJobsList(jobsStore, { filter: filterOf(router.route.getState().params) }),
    [jobsStore, router],
  )
  const stopper = useMemo(() => createStopper(engine.api), [engine])
  useEffect(() => list.follow(), [list])
  const known = useStore(jobsStore, (state) => state.jobs?.size ?? null)
  const problem = useStore(jobsStore, (state) => state.problem)
  const state = useStore(list.store)
  const shown = state.rows.reduce((count, row) => count + (row.kind === 'job' ? 1 : 0), 0)
  const filter = (next: typeof state.filter): void => {
    list.setFilter(next)
    router.go({ page: 'jobs', params: paramsOf(next) }, { replace: true })
  }
  return (
    <Page
      title="Jobs"
      layout="fixed"
      sub={known === null || known === 0 ? null : countWords(shown, known)}
      actions={
        known === null || known === 0 ? null : (
          <JobsFilter filter={state.filter} projects={state.projects} onFilter={filter} />
        )
      }
    >
      {problem === null ? null : (
        <ErrorNotice
          sentence={`The list is not up to date: ${problem.message}`}
          onRetry={() => window.location.reload()}
          retryWords="Load again"
        />
      )}
      {known === null ? (
        problem === null ? (
          <Loading what="jobs" />
        ) : null
      ) : known === 0 ? (
        <NoJobs />
      ) : shown === 0 ? (
        <EmptyState
          title="No job fits the filter"
          actions={<Button onClick={() => filter(noFilter)}>Show all {known}</Button>}
        />
      ) : (
        <JobsTable list={list} stopper={stopper} />
      )}
      <StopDialog stopper={stopper} />
    </Page>
  )
}

function countWords(shown: number, known: number): string {
  const count = known.toLocaleString('en-US')
  return shown === known ? count : `${shown.toLocaleString('en-US')} of ${count}`
}
