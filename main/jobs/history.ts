import type { JobSpec } from '../../preload/contract/job-spec.ts'
import { lastAttempt } from '../domain/job/record.ts'
import type { Journal } from './journal/journal.ts'

/** How long the last successful run of the same job took; null when there is none. */
export function lastRunMs(journal: Journal, spec: JobSpec): number | null {
  for (const job of journal.jobs()) {
    if (job.state !== 'done' || job.spec.name !== spec.name) continue
    if (job.spec.code?.path !== spec.code?.path) continue
    const attempt = lastAttempt(job)
    if (attempt?.startedAt == null || attempt.exitedAt === null) continue
    return attempt.exitedAt - attempt.startedAt
  }
  return null
}
