import { useEffect, useMemo } from 'react'
import { useStore } from 'zustand'
import { type JobSummary } from '../../../preload/contract/job.ts'
import { isEnded } from '../../../preload/contract/job-state.ts'
import { useApp } from '../../app/app-context.ts'
import type { Engine } from '../../engine.ts'
import { createScrubStore, type ScrubStore } from '../../ui/live-chart/scrub-store.ts'
import { ChartsPanel } from './charts-panel.tsx'
import { emptyChartsWords, emptyLogWords } from './empty-words.ts'
import { createFindStore, type FindStore } from './find-store.ts'
import styles from './job-monitor.module.css'
import { createLogStore, type LogStore } from './log-store.ts'
import { LogView } from './log-view.tsx'
import { createMonitorStore, type MonitorStore } from './monitor-store.ts'

interface Parts {
  readonly log: LogStore
  readonly find: FindStore
  readonly charts: MonitorStore
  readonly scrub: ScrubStore
}

/**
 * A job's log beside its charts, under one cross-hair; while it runs and after its machine is gone.
 * It takes the width that it is given, and as much height as a window of its size can spare.
 */
export function JobMonitor({ jobId }: { readonly jobId: string }) {
  const { engine, jobs } = useApp()
  const job = useStore(jobs, (state) => state.jobs?.get(jobId))
  const known = useStore(jobs, (state) => state.jobs !== null)
  const ended = job === undefined || isEnded(job.state)
  const parts = useMemo(
    // Which range is right at first depends on whether the job still runs.
    () => (known ? makeParts(engine, jobId, jobs.getState().jobs?.get(jobId)) : null),
    [engine, jobs, jobId, known],
  )
  useEffect(() => {
    if (parts === null) return
    const stops = [parts.log.start(), parts.charts.start(), () => parts.find.close()]
    return () => {
      for (const stop of stops) stop()
    }
  }, [parts])
  if (parts === null) return <div className={styles['monitor']} />
  return (
    <div className={styles['around']}>
      <div className={styles['monitor']}>
        <LogView
          jobId={jobId}
          log={parts.log}
          find={parts.find}
          scrub={parts.scrub}
          emptyWords={emptyLogWords(job)}
        />
        <ChartsPanel
          store={parts.charts}
          scrub={parts.scrub}
          emptyWords={emptyChartsWords(job)}
          live={!ended}
        />
      </div>
    </div>
  )
}

function makeParts(engine: Engine, jobId: string, job: JobSummary | undefined): Parts {
  return {
    log: createLogStore(engine, jobId),
    find: createFindStore(engine, jobId),
    charts: createMonitorStore(engine, jobId, job === undefined || isEnded(job.state)),
    scrub: createScrubStore(),
  }
}
