import type { JobSpec } from '../../preload/contract/job-spec.ts'
import type { JobSize } from '../domain/estimate.ts'
import { lastRunMs } from './history.ts'
import type { Journal } from './journal/journal.ts'

/** Results of unknown size are reckoned as this, until the job has run once. */
export const downloadBytesGuess = 100_000_000

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
  }
}
