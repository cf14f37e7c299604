import { useStore } from 'zustand'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { Age } from '../../ui/time.tsx'
import styles from './run-again.module.css'
import { latestOfEach } from './recent-jobs.ts'
import { useRunParts } from './run-context.ts'

const mostShown = 5

/** Earlier jobs, one click from being run again. */
export function RunAgain() {
  const { store } = useRunParts()
  const jobs = useStore(useApp().jobs, (state) => state.jobs)
  const recent = latestOfEach([...(jobs?.values() ?? [])]).slice(0, mostShown)
  if (recent.length === 0) return null
  return (
    <section aria-label="Run again">
      <h2 className={styles['title']}>Run again</h2>
      <ul className={styles['list']}>
        {recent.map((job) => (
          <li key={job.id} className={styles['row']}>
            <b className={styles['name']}>{job.name}</b>
            <span className={styles['age']}>
              <Age at={job.createdAt} />
            </span>
            <Button
              look="quiet"
              aria-label={`Start from it: ${job.name}`}
              onClick={() => void store.openTemplate(job.id)}
            >
              Start from it
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
