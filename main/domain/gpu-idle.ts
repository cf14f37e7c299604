import type { MetricsSample } from '../../preload/contract/job.ts'

/** GPU work below this share is none: a desktop or a driver's own tick. */
const idlePercent = 3

/** Since when, by the machine's clock, no GPU has worked, and the newest sample's time. */
export interface GpuIdleness {
  readonly idleSinceAt: number
  readonly seenAt: number
}

/** Goes on from what was known with newer samples. Null while nothing is known of any GPU. */
export function gpuIdleness(
  known: GpuIdleness | null,
  samples: readonly MetricsSample[],
): GpuIdleness | null {
  let state = known
  for (const { at, gpus } of samples) {
    const shares = gpus.flatMap(({ utilisationPercent: share }) => (share === null ? [] : [share]))
    if (shares.length === 0) continue
    const works = shares.some((share) => share > idlePercent)
    state = { idleSinceAt: works || state === null ? at : state.idleSinceAt, seenAt: at }
  }
  return state
}
