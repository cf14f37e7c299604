import {
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  type ChartDataset,
} from 'chart.js'
import { cssColours } from '../css-colour.ts'
import { looks, type ChartView } from './chart-types.ts'
import { topOf } from './nice-top.ts'

Chart.register(LineController, LineElement, PointElement, LinearScale, Filler)

interface Point {
  x: number
  y: number
}
type Lines = ChartDataset<'line', Point[]>

const dashes: readonly (readonly number[])[] = [
  [],
  [],
  [],
  [],
  [5, 2],
  [2, 2],
  [7, 2, 2, 2],
  [1, 2],
]

/**
 * A chart.js line chart over a ring. Nothing is parsed, animated or listened to; points are made
 * once and moved. `draw` costs well under a frame; everything else happens outside of chart.js.
 */
export class ChartCanvas {
  readonly #canvas: HTMLCanvasElement
  readonly #chart: Chart<'line', Point[]>
  #lines: readonly string[] = []
  #fills: readonly string[] = []

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas
    this.#chart = new Chart<'line', Point[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout: { autoPadding: false, padding: 0 },
        elements: {
          point: { radius: 0, hitRadius: 0 },
          line: { tension: 0, borderJoinStyle: 'round' },
        },
        scales: {
          x: { type: 'linear', display: false, ticks: { display: false, autoSkip: false } },
          y: {
            type: 'linear',
            min: 0,
            // The plot begins where its box does, and so does the cross-hair.
            afterFit: (axis) => {
              axis.width = 0
              axis.paddingTop = 0
              axis.paddingBottom = 0
            },
            border: { display: false },
            grid: { drawTicks: false, lineWidth: 1 },
            // chart.js measures its labels at every update, which is half the time of one: the only
            // label stands beside the canvas instead.
            ticks: { display: false, autoSkip: false },
          },
        },
      },
    })
    this.recolour()
  }

  /** Reads the theme's colours again; the next `draw` shows them. */
  recolour(): void {
    const around = this.#canvas.parentElement ?? this.#canvas
    const all = Array.from({ length: looks }, (_, look) => look)
    const colours = cssColours(around, [
      ...all.map((look) => `--c${look}`),
      ...all.map((look) => `--c${look}-fill`),
      '--line',
    ])
    this.#lines = colours.slice(0, looks)
    this.#fills = colours.slice(looks, 2 * looks)
    const grid = colours[2 * looks]
    const { y } = this.#chart.options.scales ?? {}
    if (y?.grid !== undefined && grid !== undefined) y.grid.color = grid
  }

  /** Answers the top of its scale. */
  draw(view: ChartView): number {
    const { ring, series } = view
    const decimated = ring.bucketMs > 1_000
    const wanted = series.length + (decimated ? (series.length > 2 ? 2 : series.length * 2) : 0)
    const { datasets } = this.#chart.data
    while (datasets.length < wanted) datasets.push({ data: [] })
    datasets.length = wanted
    series.forEach(({ column, look }, index) => {
      const line = datasets[index]
      if (line === undefined) return
      const alone = series.length === 1 && !decimated
      style(line, this.#lines[look], dashes[look] ?? [], 1.5, alone ? 'origin' : false)
      if (alone) line.backgroundColor = this.#fills[look]
      fill(
        line.data,
        ring.length,
        (row) => ring.timeAt(row),
        (row) => ring.mean(column, row),
      )
    })
    if (decimated) this.#band(view, datasets.slice(series.length))
    const { scales } = this.#chart.options
    if (scales?.['x'] !== undefined)
      Object.assign(scales['x'], { min: view.fromAt, max: view.toAt })
    const top = topOf(view)
    if (scales?.['y'] !== undefined) {
      Object.assign(scales['y'], { max: top })
      Object.assign(scales['y'].ticks ?? {}, { stepSize: top / 2 })
    }
    this.#chart.update('none')
    return top
  }

  close(): void {
    this.#chart.destroy()
  }

  /** What the means hide: each line's lowest and highest, or those of all lines together. */
  #band({ ring, series }: ChartView, edges: readonly Lines[]): void {
    const together = series.length > 2
    edges.forEach((edge, index) => {
      const isTop = index % 2 === 1
      const one = series[Math.floor(index / 2)]
      style(edge, 'transparent', [], 0, isTop ? '-1' : false)
      edge.backgroundColor = this.#fills[together ? 0 : (one?.look ?? 0)]
      const columns = together ? series.map(({ column }) => column) : [one?.column ?? 0]
      fill(
        edge.data,
        ring.length,
        (row) => ring.timeAt(row),
        (row) => {
          let value = Number.NaN
          for (const column of columns) {
            const here = isTop ? ring.max(column, row) : ring.min(column, row)
            if (Number.isNaN(value) || (isTop ? here > value : here < value)) value = here
          }
          return value
        },
      )
    })
  }
}

function style(
  line: Lines,
  colour: string | undefined,
  dash: readonly number[],
  width: number,
  area: string | false,
): void {
  line.borderColor = colour
  line.borderDash = [...dash]
  line.borderWidth = width
  line.fill = area
}

function fill(
  points: Point[],
  count: number,
  timeAt: (row: number) => number,
  valueAt: (row: number) => number,
): void {
  for (let row = 0; row < count; row += 1) {
    const point = points[row]
    if (point === undefined) points.push({ x: timeAt(row), y: valueAt(row) })
    else {
      point.x = timeAt(row)
      point.y = valueAt(row)
    }
  }
  points.length = count
}
