import type { JobSummary } from '../../../preload/contract/job.ts'
import { formatDuration, formatMicros } from '../../../main/domain/format.ts'

/** What stands behind the amount: `so far of about $0.92`, `so far, at most $5.00`, `in all`. */
export function costDetail(job: JobSummary): string {
  if (job.endedAt !== null) return job.settled ? 'in all' : 'so far, receipt pending'
  if (job.expected?.known === true && job.expected.micros > job.costMicros) {
    return `so far of about ${formatMicros(job.expected.micros)}`
  }
  return `so far, at most ${formatMicros(job.ceiling.micros)}`
}

/** The second line of a row that has ended: what became of it, in a sentence. */
export function endingWords(job: JobSummary): string {
  if (job.error !== null) return job.error.message
  const took = job.endedAt === null ? '' : formatDuration(job.endedAt - job.createdAt)
  if (job.state === 'failed') {
    return job.exitCode === null
      ? `Ended by a signal after ${took}`
      : `Exit code ${job.exitCode} after ${took}`
  }
  return `Took ${took}`
}
