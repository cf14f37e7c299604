import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { createFrameQueue } from '../../ui/live-chart/frame-queue.ts'
import { LiveChart } from '../../ui/live-chart/live-chart.tsx'
import type { ScrubStore } from '../../ui/live-chart/scrub-store.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { chartLines, chartTop, shownCharts } from './chart-lines.ts'
import { sayValues } from './chart-specs.ts'
import { ChartTable } from './chart-table.tsx'
import { ChartsBar } from './charts-bar.tsx'
import styles from './charts-panel.module.css'
import { GpuLegend } from './gpu-legend.tsx'
import type { MonitorStore } from './monitor-store.ts'
import { TimeAxis } from './time-axis.tsx'

export interface ChartsPanelProps {
  readonly store: MonitorStore
  readonly scrub: ScrubStore
  /** Why there is nothing to see (yet). */
  readonly emptyWords: string
  readonly live: boolean
}

/** The charts of a job, all over one stretch of time and under one cross-hair. */
export function ChartsPanel({ store, scrub, emptyWords, live }: ChartsPanelProps) {
  const phase = useStore(store, (state) => state.phase)
  const problem = useStore(store, (state) => state.problem)
  const gpus = useStore(store, (state) => state.gpus)
  const hidden = useStore(store, (state) => state.hiddenGpus)
  const [asTable, setAsTable] = useState(false)
  const [queue] = useState(() => createFrameQueue(window))
  useEffect(() => () => queue.stop(), [queue])
  const onChange = useMemo(
    () => (changed: () => void) =>
      store.subscribe((now, before) => {
        if (now.version !== before.version) changed()
      }),
    [store],
  )
  const charts = useMemo(
    () => shownCharts(gpus).map((spec) => ({ spec, lines: chartLines(spec, gpus, hidden) })),
    [gpus, hidden],
  )
  return (
    <section className={styles['panel']} aria-label="Charts">
      <ChartsBar store={store} live={live} asTable={asTable} onTable={setAsTable} />
      {problem === null ? null : (
        <ErrorNotice sentence={problem.message} onRetry={() => store.retry()} />
      )}
      {gpus.length > 1 && phase === 'ready' ? <GpuLegend store={store} /> : null}
      {phase === 'loading' && problem === null ? (
        <p className={styles['quiet']} role="status">
          Loading the figures…
        </p>
      ) : null}
      {phase === 'empty' ? <p className={styles['quiet']}>{emptyWords}</p> : null}
      {phase === 'ready' && asTable ? <ChartTable store={store} charts={charts} /> : null}
      {phase === 'ready' && !asTable ? (
        <>
          <div className={`${styles['grid']} ${gpus.length === 0 ? styles['single'] : ''}`}>
            {charts.map(({ spec, lines }) => (
              <LiveChart
                key={spec.key}
                title={spec.title}
                ring={store.ring}
                series={lines}
                words={(values) =>
                  sayValues(
                    spec,
                    values,
                    lines.map(({ label }) => label),
                  )
                }
                tick={spec.tick}
                top={chartTop(spec, store.ring, gpus)}
                windowOf={() => store.window()}
                onChange={onChange}
                scrub={scrub}
                queue={queue}
                onZoom={(range) => {
                  if (range === null) store.zoomOut()
                  else store.setRange(range)
                }}
              />
            ))}
          </div>
          <TimeAxis store={store} scrub={scrub} />
        </>
      ) : null}
    </section>
  )
}
