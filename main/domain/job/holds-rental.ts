import { lastAttempt, type JobRecord } from './record.ts'

/** Whether the last attempt's rental is still this job's to give back. */
export function holdsRental(job: JobRecord): boolean {
  const attempt = lastAttempt(job)
  return (
    attempt !== null &&
    attempt.releaseCalledAt === null &&
    job.state !== 'choosing' &&
    job.state !== 'interrupted'
  )
}
