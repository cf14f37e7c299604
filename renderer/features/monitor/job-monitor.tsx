import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { isEnded } from '../../../preload/contract/job.ts'
import { useApp } from '../../app/app-context.ts'
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
  const [parts, setParts] = useState<Parts | null>(null)
  useEffect(() => {
    // Which range is right at first depends on whether the job still runs.
    if (!known) return
    const made: Parts = {
      log: createLogStore(engine, jobId),
      find: createFindStore(engine, jobId),
      charts: createMonitorStore(engine, jobId, isOver(jobs.getState().jobs?.get(jobId)?.state)),
      scrub: createScrubStore(),
    }
    setParts(made)
    return () => {
      for (const store of [made.log, made.find, made.charts]) store.close()
    }
  }, [engine, jobs, jobId, known])
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

function isOver(state: Parameters<typeof isEnded>[0] | undefined): boolean {
  return state === undefined || isEnded(state)
}
