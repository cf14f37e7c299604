import type { JobFile } from '../../../preload/contract/job-file.ts'
import type { JobSpec, MirrorWish } from '../../../preload/contract/job-spec.ts'
import { parseByteSize } from '../../domain/byte-size.ts'
import { parseDurationMs } from '../../domain/duration.ts'
import { SubletError } from '../../domain/errors.ts'
import { parseUsd } from '../../domain/usd.ts'

const shortestEveryMs = 1_000
const nothingSaid: MirrorWish = { off: null, everyMs: null, maxBytes: null, maxCostMicros: null }

/** Reads `mirror`, `results` and `outputSize`; what the file does not say is not in the answer. */
export function understandResults(
  file: JobFile,
): Pick<JobSpec, 'mirror' | 'results' | 'outputBytes'> {
  return {
    ...(file.mirror === undefined ? {} : { mirror: wishOf(file.mirror) }),
    ...(file.results === undefined ? {} : { results: file.results }),
    ...(file.outputSize === undefined
      ? {}
      : { outputBytes: parseByteSize(file.outputSize, 'outputSize') }),
  }
}

function wishOf(written: NonNullable<JobFile['mirror']>): MirrorWish {
  if (typeof written === 'string') return { ...nothingSaid, off: written === 'off' }
  const { every, maxBytes, maxCost } = written
  const everyMs = every === undefined ? null : parseDurationMs(every, 'mirror.every')
  if (everyMs !== null && everyMs < shortestEveryMs) {
    throw new SubletError(
      'invalid',
      'mirror.every has to be at least 1s; "mirror: off" turns it off.',
    )
  }
  return {
    off: false,
    everyMs,
    maxBytes: maxBytes === undefined ? null : parseByteSize(maxBytes, 'mirror.maxBytes'),
    maxCostMicros: maxCost === undefined ? null : parseUsd(maxCost, 'mirror.maxCost'),
  }
}
