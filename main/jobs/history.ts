import type { JobSpec } from '../../preload/contract/job-spec.ts'
import { lastAttempt } from '../domain/job/record.ts'
import type { Journal } from './journal/journal.ts'

/** How long the last successful run of the same job took; null when there is none. */
export function lastRunMs(journal: Journal, spec: JobSpec): number | null {
  for (const job of journal.jobs()) {
    if (job.state !== 'done' || !isSameJob(job.spec, spec)) continue
    const attempt = lastAttempt(job)
    if (attempt?.startedAt == null || attempt.exitedAt === null) continue
    return attempt.exitedAt - attempt.startedAt
  }
  return null
}

/** How much the last successful run of the same job brought home; null when there is none. */
export function lastOutputBytes(journal: Journal, spec: JobSpec): number | null {
  for (const job of journal.jobs()) {
    if (job.state === 'done' && job.outputs !== null && isSameJob(job.spec, spec)) {
      return job.outputs.bytes
    }
  }
  return null
}

/** How many successful runs of the same job there were. */
export function earlierRuns(journal: Journal, spec: JobSpec): number {
  let count = 0
  for (const job of journal.jobs()) {
    if (job.state === 'done' && isSameJob(job.spec, spec)) count += 1
  }
  return count
}

function isSameJob(one: JobSpec, other: JobSpec): boolean {
  return one.name === other.name && one.code?.path === other.code?.path
}
