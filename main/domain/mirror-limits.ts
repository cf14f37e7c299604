import type { MirrorWish } from '../../preload/contract/job-spec.ts'

/** How results are copied home while a job runs. */
export interface MirrorTerms {
  readonly off: boolean
  readonly everyMs: number
  /** Most that one pass brings; null for no limit. */
  readonly maxBytes: number | null
  /** Most that the traffic of all passes of a job may cost; null for no limit. */
  readonly maxCostMicros: number | null
}

/** The user's settings, with what the job says instead. */
export function mirrorTerms(settings: MirrorTerms, wish: MirrorWish | undefined): MirrorTerms {
  return {
    off: wish?.off ?? settings.off,
    everyMs: wish?.everyMs ?? settings.everyMs,
    maxBytes: wish?.maxBytes ?? settings.maxBytes,
    maxCostMicros: wish?.maxCostMicros ?? settings.maxCostMicros,
  }
}

const bytesPerGib = 2 ** 30

/**
 * Most that the next pass may bring, and which limit says so; null bytes for no limit.
 * `trafficMicros` is what the job's copies have cost so far.
 */
export function passLimit(
  { maxBytes, maxCostMicros }: MirrorTerms,
  egressMicrosPerGib: number,
  trafficMicros: number,
): { readonly bytes: number | null; readonly by: 'size' | 'cost' | null } {
  const affordable =
    maxCostMicros === null || egressMicrosPerGib === 0
      ? Number.POSITIVE_INFINITY
      : Math.floor((Math.max(0, maxCostMicros - trafficMicros) / egressMicrosPerGib) * bytesPerGib)
  const bytes = Math.min(affordable, maxBytes ?? Number.POSITIVE_INFINITY)
  if (!Number.isFinite(bytes)) return { bytes: null, by: null }
  return { bytes, by: affordable < (maxBytes ?? Number.POSITIVE_INFINITY) ? 'cost' : 'size' }
}
