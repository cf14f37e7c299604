import type { ChartView } from './chart-types.ts'

/** The smallest round number (1, 2, 2.5 or 5 times a power of ten) that is not below a value. */
export function niceTop(value: number): number {
  if (!(value > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  const step = [1, 2, 2.5, 5, 10].find((one) => one * power >= value * (1 - 1e-9)) ?? 10
  return step * power
}

/** The top of a view's scale. */
export function topOf(view: ChartView): number {
  if (view.top !== 'auto') return view.top
  let highest = 0
  const { ring } = view
  for (const { column } of view.series) {
    for (let row = 0; row < ring.length; row += 1) {
      const value = ring.max(column, row)
      if (value > highest) highest = value
    }
  }
  return niceTop(highest * 1.05)
}
