import type { JobFile } from '../../../preload/contract/job-file.ts'
import type { JobSpec } from '../../../preload/contract/job-spec.ts'
import { parseDurationMs } from '../../domain/duration.ts'
import { SubletError } from '../../domain/errors.ts'
import { parseUsd } from '../../domain/usd.ts'
import type { UnderstandDefaults } from './understood.ts'

/** Reads prices and durations into micro-dollars and milliseconds. */
export function understandLimits(file: JobFile, defaults: UnderstandDefaults): JobSpec['limits'] {
  const maxDurationMs =
    file.maxDuration === undefined ? null : parseDurationMs(file.maxDuration, 'maxDuration')
  const budgetMicros = file.budget === undefined ? null : parseUsd(file.budget, 'budget')
  if (maxDurationMs === 0) {
    throw new SubletError(
      'invalid',
      'maxDuration 0 leaves no time to run: leave it out or give more.',
    )
  }
  if (budgetMicros === 0) {
    throw new SubletError('invalid', 'A budget of $0 rents nothing: leave it out or give more.')
  }
  return {
    maxMicrosPerHour: file.maxPrice === undefined ? null : parseUsd(file.maxPrice, 'maxPrice'),
    budgetMicros,
    maxDurationMs,
    keepWarmMs: durationOr(file.keepWarm, 'keepWarm', defaults.keepWarmMs),
    keepWarmChosen: file.keepWarm !== undefined,
    afterExitMs: durationOr(file.afterExit, 'afterExit', defaults.afterExitMs),
    graceMs: durationOr(file.grace, 'grace', defaults.graceMs),
  }
}

function durationOr(written: string | 0 | undefined, what: string, otherwise: number): number {
  return written === undefined ? otherwise : parseDurationMs(written, what)
}
