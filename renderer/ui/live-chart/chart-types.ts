import type { SeriesRing } from './series-ring.ts'

/** One line of a chart. */
export interface ChartSeries {
  readonly label: string
  /** Which column of the ring. */
  readonly column: number
  /** 0 to 7: a colour, and dashes from 4 on, so that none is told by its hue alone. */
  readonly look: number
}

/** What a chart draws: lines of a ring in a window of time. */
export interface ChartView {
  readonly ring: SeriesRing
  readonly series: readonly ChartSeries[]
  readonly fromAt: number
  readonly toAt: number
  /** The top of the scale; `auto` finds a round one above all values. */
  readonly top: number | 'auto'
}

/** How many looks there are. */
export const looks = 8
