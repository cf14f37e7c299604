import type { JobSpec } from '../../../preload/contract/job-spec.ts'
import type { StopReason } from './events.ts'

/** Kept free before the lease ends, to bring results home: a tenth of it, at most ten minutes. */
const mostReserveMs = 10 * 60_000
const leastReserveMs = 5_000

/**
 * When a running job must be told to stop, so that its grace and the collection still fit before
 * `endBy`, and why. All times epoch ms.
 */
export function stopTime(
  limits: JobSpec['limits'],
  startedAt: number,
  leaseFrom: number,
  endBy: number,
): { readonly at: number; readonly reason: StopReason } {
  const reserveMs = Math.min(mostReserveMs, Math.max(leastReserveMs, (endBy - leaseFrom) / 10))
  const leaseAt = Math.floor(endBy - limits.graceMs - reserveMs)
  const durationAt =
    limits.maxDurationMs === null ? Number.POSITIVE_INFINITY : startedAt + limits.maxDurationMs
  if (durationAt <= leaseAt) return { at: durationAt, reason: 'duration' }
  if (limits.maxDurationMs !== null && limits.budgetMicros === null) {
    return { at: leaseAt, reason: 'duration' }
  }
  return { at: leaseAt, reason: limits.budgetMicros === null ? 'lease' : 'budget' }
}
