import type { JobSpec } from '../../preload/contract/job-spec.ts'
import type { JobNeeds } from '../domain/budget.ts'
import type { JobSize } from '../domain/estimate.ts'
import { lastRunMs } from './history.ts'
import type { Journal } from './journal/journal.ts'

/** Results of unknown size are reckoned as this, until the job has run once. */
export const downloadBytesGuess = 100_000_000

/** Uploading, set-up and collecting, as limits reckon them at a modest speed. */
const assumedBytesPerMs = 20_000
const setupReserveMs = 60_000
const collectReserveMs = 60_000

/** What a job needs beyond its own run, for ceilings and stop times. */
export function jobNeeds(spec: JobSpec, uploadBytes: number): JobNeeds {
  return {
    limits: spec.limits,
    stagingMs: setupReserveMs + Math.ceil(uploadBytes / assumedBytesPerMs),
    collectMs: collectReserveMs,
    downloadBytesGuess,
  }
}

/** What estimating and ranking go by. */
export function jobSize(
  journal: Journal,
  spec: JobSpec,
  uploadBytes: number,
  warm: boolean,
): JobSize {
  return {
    uploadBytes,
    downloadBytesGuess,
    expectedRunMs: lastRunMs(journal, spec),
    maxDurationMs: spec.limits.maxDurationMs,
    budgetMicros: spec.limits.budgetMicros,
    bytesPerSecond: null,
    warm,
    gpusUsed: Math.max(1, spec.needs.gpus ?? 1),
  }
}
