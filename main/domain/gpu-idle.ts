import type { MetricsSample } from '../../preload/contract/metrics-sample.ts'

/** Below this share a GPU does no work: a desktop, a driver's own tick, a loop that waits. */
const idlePercent = 5

/** Since when, by the machine's clock, no GPU has worked, and the newest sample's time. */
export interface GpuIdleness {
  readonly idleSinceAt: number
  readonly seenAt: number
}

/**
 * Goes on from what was known with newer samples. `indices`: the job's own GPUs, all of which must
 * be idle; null for all of the machine. Null while nothing is known of any of them.
 */
export function gpuIdleness(
  known: GpuIdleness | null,
  samples: readonly MetricsSample[],
  indices: readonly number[] | null = null,
): GpuIdleness | null {
  let state = known
  for (const { at, gpus } of samples) {
    const shares = gpus.flatMap(({ index, utilisationPercent: share }) =>
      share === null || indices?.includes(index) === false ? [] : [share],
    )
    if (shares.length === 0) continue
    const works = shares.some((share) => share >= idlePercent)
    state = { idleSinceAt: works || state === null ? at : state.idleSinceAt, seenAt: at }
  }
  return state
}
