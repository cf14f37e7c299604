import type { Estimate } from '../../../preload/contract/estimate.ts'

/** Where amounts stand on one axis, in percent, and the axis's ends in micro-dollars. */
export interface CostScale {
  readonly kind: 'linear' | 'logarithmic'
  readonly fromMicros: number
  readonly toMicros: number
  readonly at: (micros: number) => number
}

/** Beyond this ratio of dearest to cheapest a linear axis would show one bar and many dots. */
const linearUpTo = 20

/** One axis for all ranges that are shown together, so that their bars compare. */
export function costScale(estimates: readonly Estimate[]): CostScale {
  const highest = Math.max(1, ...estimates.map((one) => one.highMicros))
  const positive = estimates.map((one) => one.lowMicros).filter((low) => low > 0)
  const lowest = Math.min(highest, ...positive)
  if (positive.length === 0 || highest / lowest <= linearUpTo) {
    const at = (micros: number): number => percent(micros / highest)
    return { kind: 'linear', fromMicros: 0, toMicros: highest, at }
  }
  const span = Math.log(highest / lowest)
  const at = (micros: number): number =>
    micros <= lowest ? 0 : percent(Math.log(micros / lowest) / span)
  return { kind: 'logarithmic', fromMicros: lowest, toMicros: highest, at }
}

function percent(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * 1_000) / 10
}
