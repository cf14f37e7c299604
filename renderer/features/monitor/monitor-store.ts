import { createStore, type StoreApi } from 'zustand/vanilla'
import { toSubletError, type SubletError } from '../../../main/domain/errors.ts'
import type { MetricsSample } from '../../../preload/contract/metrics-sample.ts'
import type { Engine } from '../../engine.ts'
import { SeriesRing } from '../../ui/live-chart/series-ring.ts'
import { SampleValues } from './sample-values.ts'

/** Rows that the charts hold: more than any of them has pixels. */
const capacity = 1_200
/** Buckets asked for: one a second in a short window, else about one for one or two pixels. */
const mostPoints = 320
const pointsOf = ({ fromAt, toAt }: { readonly fromAt: number; readonly toAt: number }): number =>
  toAt - fromAt <= mostPoints * 1_000 ? mostPoints : 200
const leastWindowMs = 60_000

export const rangeWords = ['5m', '1h', '6h', 'all'] as const
export type RangeWord = (typeof rangeWords)[number]
export type Range = RangeWord | { readonly fromAt: number; readonly toAt: number }

const rangeMs: Readonly<Record<Exclude<RangeWord, 'all'>, number>> = {
  '5m': 300_000,
  '1h': 3_600_000,
  '6h': 21_600_000,
}

export interface MonitorState {
  readonly phase: 'loading' | 'empty' | 'ready'
  readonly problem: SubletError | null
  readonly range: Range
  /** Where a double click leads back to. */
  readonly before: RangeWord
  readonly paused: boolean
  readonly gpus: readonly number[]
  readonly hiddenGpus: ReadonlySet<number>
  /** First and last sample. */
  readonly fromAt: number
  readonly toAt: number
  /** Rises with every change of the ring or the window. */
  readonly version: number
}

export interface MonitorStore extends StoreApi<MonitorState> {
  readonly ring: SeriesRing
  /** The stretch of time on show. */
  window(): { readonly fromAt: number; readonly toAt: number }
  setRange(range: Range): void
  /** Back to the range before a zoom. */
  zoomOut(): void
  setPaused(paused: boolean): void
  toggleGpu(gpu: number): void
  retry(): void
  /** Reads and follows the figures; returns how to stop. May be called again after that. */
  start(): () => void
}

/** The figures of one job: its history in buckets, then live samples behind it. */
export function createMonitorStore(
  engine: Pick<Engine, 'api' | 'follow'>,
  jobId: string,
  ended: boolean,
): MonitorStore {
  const range: RangeWord = ended ? 'all' : '5m'
  const store = createStore<MonitorState>(() => ({
    phase: 'loading',
    problem: null,
    range,
    before: range,
    paused: false,
    gpus: [],
    hiddenGpus: new Set(),
    fromAt: 0,
    toAt: 0,
    version: 0,
  }))
  const ring = new SeriesRing(capacity)
  let values = new SampleValues([])
  let stopFollow: () => void = () => undefined
  let loading = new AbortController()

  const changed = (change: Partial<MonitorState>): void => {
    store.setState({ ...change, version: store.getState().version + 1 })
  }
  const window = (): { fromAt: number; toAt: number } => windowOf(store.getState())

  const take = (samples: readonly MetricsSample[]): void => {
    const { paused, gpus } = store.getState()
    if (paused || samples.length === 0) return
    // A GPU that shows up later needs a column, and its history with it.
    if (samples.some((sample) => sample.gpus.some((gpu) => !gpus.includes(gpu.index)))) {
      void load()
      return
    }
    for (const sample of samples) {
      const row = values.of(sample)
      if (sample.at > ring.lastAt || ring.length === 0) ring.push(sample.at, row)
    }
    const toAt = Math.max(store.getState().toAt, ring.lastAt)
    changed({ toAt, phase: 'ready' })
    ring.dropBefore(window().fromAt - 2 * ring.bucketMs)
    // The whole range grows: from time to time its buckets must.
    if (ring.length >= 2 * mostPoints) void load()
  }

  const load = async (): Promise<void> => {
    loading.abort()
    stopFollow()
    loading = new AbortController()
    const { signal } = loading
    try {
      const known = await engine.api.metrics.range({ jobId }, { signal })
      if (signal.aborted) return
      const gpus = known?.gpus ?? []
      values = new SampleValues(gpus)
      if (known === null) {
        ring.reset(values.columns, 1_000)
        changed({ phase: 'empty', problem: null, gpus })
        followFrom(0, signal)
        return
      }
      store.setState({ fromAt: known.fromAt, toAt: known.toAt })
      const asked = window()
      const history = await engine.api.metrics.history(
        { jobId, ...asked, points: pointsOf(asked) },
        { signal },
      )
      if (signal.aborted) return
      // The columns stand in the order of the contract, which the ring shares.
      ring.load(history.at, history.series, history.bucketMs, known.toAt)
      changed({ phase: 'ready', problem: null, gpus })
      if (typeof store.getState().range === 'string') followFrom(known.toAt, signal)
    } catch (thrown) {
      if (!signal.aborted) changed({ problem: toSubletError(thrown) })
    }
  }

  const followFrom = (fromAt: number, signal: AbortSignal): void => {
    stopFollow = engine.follow(
      (api, left) => api.jobs.metrics({ jobId, fromAt, follow: true }, { signal: left }),
      {
        snapshot: () => undefined,
        event: (samples) => {
          if (!signal.aborted) take(samples)
        },
        problem: (problem) => changed({ problem }),
      },
    )
  }

  return {
    ...store,
    ring,
    window,
    setRange: (next) => {
      const { before } = store.getState()
      store.setState({ range: next, before: typeof next === 'string' ? next : before })
      void load()
    },
    zoomOut: () => {
      const { range: shown, before } = store.getState()
      if (typeof shown === 'string') return
      store.setState({ range: before })
      void load()
    },
    setPaused: (paused) => {
      store.setState({ paused })
      // What came meanwhile is history by now.
      if (!paused) void load()
    },
    toggleGpu: (gpu) => {
      const hidden = new Set(store.getState().hiddenGpus)
      if (!hidden.delete(gpu)) hidden.add(gpu)
      changed({ hiddenGpus: hidden })
    },
    retry: () => void load(),
    start: () => {
      void load()
      return () => {
        loading.abort()
        stopFollow()
      }
    },
  }
}

function windowOf({ range, fromAt, toAt }: MonitorState): { fromAt: number; toAt: number } {
  if (typeof range !== 'string') return range
  const from = range === 'all' ? fromAt : Math.max(fromAt, toAt - rangeMs[range])
  return { fromAt: from, toAt: Math.max(toAt, from + leastWindowMs) }
}
