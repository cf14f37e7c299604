import type { JobFile } from '../../../preload/contract/job-file.ts'
import type { JobSpec } from '../../../preload/contract/job-spec.ts'
import { micros } from '../../domain/money.ts'
import { parseDurationMs } from '../../domain/duration.ts'
import { SubletError } from '../../domain/errors.ts'
import { formatDuration, formatMicros, formatMicrosPerHour } from '../../domain/format.ts'
import { parseUsd } from '../../domain/usd.ts'
import type { UnderstandDefaults } from './understood.ts'

/**
 * Reads prices and durations into micro-dollars and milliseconds; what the file leaves out is as the
 * user's defaults say.
 */
export function understandLimits(file: JobFile, defaults: UnderstandDefaults): JobSpec['limits'] {
  const maxDurationMs =
    file.maxDuration === undefined
      ? defaults.maxDurationMs
      : parseDurationMs(file.maxDuration, 'maxDuration')
  const budgetMicros =
    file.budget === undefined
      ? amountOrNull(defaults.budgetMicros)
      : parseUsd(file.budget, 'budget')
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
    maxMicrosPerHour:
      file.maxPrice === undefined
        ? amountOrNull(defaults.maxMicrosPerHour)
        : parseUsd(file.maxPrice, 'maxPrice'),
    budgetMicros,
    maxDurationMs,
    keepWarmMs: durationOr(
      file.keepWarm,
      'keepWarm',
      defaults.chosenKeepWarmMs ?? defaults.keepWarmMs,
    ),
    keepWarmChosen: file.keepWarm !== undefined || defaults.chosenKeepWarmMs !== null,
    afterExitMs: durationOr(file.afterExit, 'afterExit', defaults.afterExitMs),
    graceMs: durationOr(file.grace, 'grace', defaults.graceMs),
  }
}

/** Says which limits come from the user's settings; empty when none does. */
export function defaultLimitSentences(
  file: JobFile,
  defaults: UnderstandDefaults,
): readonly string[] {
  const { budgetMicros, maxDurationMs, maxMicrosPerHour, chosenKeepWarmMs } = defaults
  const said = [
    file.budget === undefined && budgetMicros !== null
      ? `budget ${formatMicros(budgetMicros)}`
      : '',
    file.maxDuration === undefined && maxDurationMs !== null
      ? `longest duration ${formatDuration(maxDurationMs)}`
      : '',
    file.maxPrice === undefined && maxMicrosPerHour !== null
      ? `price limit ${formatMicrosPerHour(maxMicrosPerHour)}`
      : '',
    file.keepWarm === undefined && chosenKeepWarmMs !== null
      ? `kept warm for ${formatDuration(chosenKeepWarmMs)}`
      : '',
  ].filter((one) => one !== '')
  return said.length === 0 ? [] : [`From your settings: ${said.join(', ')}.`]
}

function amountOrNull(amount: number | null): JobSpec['limits']['budgetMicros'] {
  return amount === null ? null : micros(amount)
}

function durationOr(written: string | 0 | undefined, what: string, otherwise: number): number {
  return written === undefined ? otherwise : parseDurationMs(written, what)
}
