import type { JobSpec } from '../../preload/contract/job-spec.ts'
import type { Collection } from '../../preload/contract/collection.ts'
import type { JobNeeds } from '../domain/budget.ts'
import type { JobSize } from '../domain/estimate.ts'
import { lastOutputBytes, lastRunMs } from './history.ts'
import type { Journal } from './journal/journal.ts'

/** Results of unknown size are reckoned as this, until the job has run once. */
export const downloadBytesGuess = 100_000_000

/** Uploading, set-up and collecting, as limits reckon them at a modest speed. */
const assumedBytesPerMs = 20_000
const setupReserveMs = 60_000
const collectReserveMs = 60_000

/**
 * What a job needs beyond its own run, for ceilings and stop times. `collection` is what bringing
 * its results home is expected to take; absent, results of unknown size are reckoned.
 */
export function jobNeeds(
  spec: JobSpec,
  uploadBytes: number,
  collection?: Pick<Collection, 'bytes' | 'ms'>,
): JobNeeds {
  return {
    limits: spec.limits,
    stagingMs: setupReserveMs + Math.ceil(uploadBytes / assumedBytesPerMs),
    collectMs: Math.max(collectReserveMs, collection?.ms ?? 0),
    downloadBytesGuess: collection?.bytes ?? downloadBytesGuess,
  }
}

/** How much the job's results are expected to be: as its last run made, as it says, or assumed. */
export function expectedResults(
  journal: Journal,
  spec: JobSpec,
): Pick<Collection, 'bytes' | 'sizeFrom'> {
  const last = lastOutputBytes(journal, spec)
  if (last !== null) return { bytes: last, sizeFrom: 'earlier-run' }
  const said = spec.outputBytes
  if (said !== undefined) return { bytes: said, sizeFrom: 'job-file' }
  return { bytes: downloadBytesGuess, sizeFrom: 'assumed' }
}

/** What estimating and ranking go by. */
export function jobSize(
  journal: Journal,
  spec: JobSpec,
  uploadBytes: number,
  warm: boolean,
): JobSize {
  const results = expectedResults(journal, spec)
  return {
    uploadBytes,
    downloadBytesGuess: results.bytes,
    resultsFrom: results.sizeFrom,
    expectedRunMs: lastRunMs(journal, spec),
    maxDurationMs: spec.limits.maxDurationMs,
    budgetMicros: spec.limits.budgetMicros,
    bytesPerSecond: null,
    warm,
    gpusUsed: Math.max(1, spec.needs.gpus ?? 1),
  }
}
