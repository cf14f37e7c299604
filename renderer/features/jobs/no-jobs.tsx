import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'

/** The list before the first job: what to do next. */
export function NoJobs() {
  const { router } = useApp()
  return (
    <EmptyState
      title="No jobs yet"
      actions={
        <>
          <Button look="primary" onClick={() => router.go({ page: 'run', params: {} })}>
            Run a job
          </Button>
          <Button onClick={() => router.go({ page: 'run', params: { demo: '1' } })}>
            Try the demo
          </Button>
        </>
      }
    >
      Drop a script on the Run page, and its machine is rented for exactly as long as it runs. The
      demo does the same on the practice cloud, where nothing costs money.
    </EmptyState>
  )
}
