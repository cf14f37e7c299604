import { looks, type ChartSeries } from '../../ui/live-chart/chart-types.ts'
import type { SeriesRing } from '../../ui/live-chart/series-ring.ts'
import { chartSpecs, type ChartSpec } from './chart-specs.ts'
import { gpuColumn, hostColumn } from './sample-values.ts'

/** A chart together with its lines. */
export interface ShownChart {
  readonly spec: ChartSpec
  readonly lines: readonly ChartSeries[]
}

/** All charts, or those of the machine alone where it has no GPU. */
export function shownCharts(gpus: readonly number[]): readonly ChartSpec[] {
  return chartSpecs.filter(({ shows }) => !('gpu' in shows) || gpus.length > 0)
}

/** A chart's lines: one a GPU that is not hidden, or the machine's. */
export function chartLines(
  { shows }: ChartSpec,
  gpus: readonly number[],
  hidden: ReadonlySet<number>,
): readonly ChartSeries[] {
  if ('host' in shows) {
    return shows.host.map((name, index) => ({
      label: shows.labels[index] ?? '',
      column: hostColumn(name),
      look: index,
    }))
  }
  const { gpu: name } = shows
  return gpus.flatMap((gpu, place) =>
    hidden.has(gpu)
      ? []
      : [{ label: `GPU ${gpu}`, column: gpuColumn(name, place), look: place % looks }],
  )
}

/** The top of a chart's scale: fixed, or what there is in all (memory), or found by the chart. */
export function chartTop(
  { shows, top }: ChartSpec,
  ring: SeriesRing,
  gpus: readonly number[],
): number | 'auto' {
  const columns =
    'gpu' in shows
      ? shows.topFrom === undefined
        ? []
        : gpus.map((_, place) => gpuColumn(shows.topFrom ?? shows.gpu, place))
      : shows.topFrom === undefined
        ? []
        : [hostColumn(shows.topFrom)]
  let highest = 0
  for (const column of columns) {
    for (let row = ring.length - 1; row >= 0; row -= 1) {
      const value = ring.max(column, row)
      if (Number.isNaN(value)) continue
      highest = Math.max(highest, value)
      break
    }
  }
  return highest > 0 ? highest : top
}
