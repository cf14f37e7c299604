import { useEffect, useId, useRef } from 'react'
import { formatTime } from '../../../main/domain/format.ts'
import { ChartCanvas } from './chart-canvas.ts'
import type { ChartSeries } from './chart-types.ts'
import type { FrameQueue } from './frame-queue.ts'
import styles from './live-chart.module.css'
import type { SeriesRing } from './series-ring.ts'
import { usePointer, type PointerTarget } from './use-pointer.ts'
import { watchTheme } from './watch-theme.ts'

export interface LiveChartProps extends PointerTarget {
  /** What is shown, in two words. */
  readonly title: string
  readonly series: readonly ChartSeries[]
  /** The values of all series at one moment, in words with units; NaN is unknown. */
  readonly words: (values: readonly number[]) => string
  /** A value at the scale. */
  readonly tick: (value: number) => string
  readonly top: number | 'auto'
  /** Calls back whenever the ring or the window has changed. Returns how to stop. */
  readonly onChange: (changed: () => void) => () => void
  readonly queue: FrameQueue
}

/**
 * One quantity over time. It draws outside of React, in frames that it shares with its
 * neighbours; its title line tells the value now, or the one under the cross-hair. Arrow keys move
 * the cross-hair, a drag zooms, a double click goes back.
 */
export function LiveChart(props: LiveChartProps) {
  const { title, ring, series, top, scrub, queue, onChange } = props
  const id = useId()
  const canvasRef = useRef<HTMLCanvasElement>(null)
  const plotRef = useRef<HTMLDivElement>(null)
  const topRef = useRef<HTMLSpanElement>(null)
  const hairRef = useRef<HTMLDivElement>(null)
  const dragRef = useRef<HTMLDivElement>(null)
  const valueRef = useRef<HTMLSpanElement>(null)
  const drawRef = useRef<() => void>(() => undefined)
  // What the drawing reads; the chart need not be made anew for it.
  const nowRef = useRef(props)
  useEffect(() => {
    const before = nowRef.current
    nowRef.current = props
    // Another set of lines, or another top: drawn at once, not with the next sample.
    if (before.series !== series || before.ring !== ring || before.top !== top) drawRef.current()
  })

  useEffect(() => {
    const surface = canvasRef.current
    if (surface === null) return
    const chart = new ChartCanvas(surface)
    let closed = false
    const draw = (): void => {
      // It may have been asked for in a frame that comes after the end.
      if (closed) return
      const { ring, series, top, tick, windowOf } = nowRef.current
      const drawnTop = tick(chart.draw({ ring, series, top, ...windowOf() }))
      const label = topRef.current
      if (label !== null && label.textContent !== drawnTop) label.textContent = drawnTop
      say()
    }
    const say = (): void =>
      showMoment(nowRef.current, plotRef.current, hairRef.current, valueRef.current)
    const ask = (): void => queue.ask(id, draw)
    drawRef.current = ask
    const stopTheme = watchTheme(window, () => {
      chart.recolour()
      ask()
    })
    const stopChange = onChange(ask)
    const stopScrub = scrub.subscribe(say)
    draw()
    return () => {
      stopTheme()
      stopChange()
      stopScrub()
      closed = true
      chart.close()
    }
  }, [id, queue, onChange, scrub])
  const pointer = usePointer(nowRef, id, plotRef, dragRef)
  return (
    <section className={styles['chart']} aria-label={title}>
      <div className={styles['head']}>
        <span className={styles['title']}>{title}</span>
        <span ref={valueRef} className={styles['value']} data-testid="value" />
      </div>
      <div
        ref={plotRef}
        className={styles['plot']}
        role="slider"
        tabIndex={0}
        aria-label={`${title} over time; arrow keys read it moment by moment`}
        aria-valuenow={0}
        {...pointer}
      >
        <canvas ref={canvasRef} aria-hidden />
        <span ref={topRef} className={styles['top']} aria-hidden />
        <div ref={hairRef} className={styles['hair']} data-testid="cross-hair" hidden />
        <div ref={dragRef} className={styles['drag']} hidden />
      </div>
    </section>
  )
}

/** Puts cross-hair, value and its words for assistive technology where the moment is. */
function showMoment(
  { ring, series, words, windowOf, scrub }: LiveChartProps,
  plot: HTMLElement | null,
  hair: HTMLElement | null,
  value: HTMLElement | null,
): void {
  if (plot === null || hair === null || value === null) return
  const { fromAt, toAt } = windowOf()
  const { at } = scrub.getState()
  const inside = at !== null && at >= fromAt && at <= toAt
  const row = at === null ? ring.length - 1 : ring.nearest(at)
  // A moment without a sample near it has no value.
  const known = row >= 0 && (at === null || Math.abs(ring.timeAt(row) - at) <= reachMs(ring))
  const values = series.map(({ column }) => (known ? ring.mean(column, row) : Number.NaN))
  const text = values.every((one) => Number.isNaN(one)) ? 'not measured' : words(values)
  if (value.textContent !== text) value.textContent = text
  value.classList.toggle(styles['unknown'] ?? 'unknown', text === 'not measured')
  hair.hidden = !inside
  if (inside) {
    const share = (at - fromAt) / Math.max(1, toAt - fromAt)
    hair.style.transform = `translateX(${(share * plot.clientWidth).toFixed(1)}px)`
  }
  const moment = at ?? ring.timeAt(row)
  plot.setAttribute('aria-valuemin', String(Math.round(fromAt / 1_000)))
  plot.setAttribute('aria-valuemax', String(Math.round(toAt / 1_000)))
  if (Number.isNaN(moment)) return
  plot.setAttribute('aria-valuenow', String(Math.round(moment / 1_000)))
  plot.setAttribute(
    'aria-valuetext',
    `${formatTime(moment, { near: toAt, seconds: true })}: ${text}`,
  )
}

function reachMs(ring: SeriesRing): number {
  return Math.max(5_000, ring.bucketMs * 1.5)
}
