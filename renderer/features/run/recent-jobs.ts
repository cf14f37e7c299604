import type { JobSummary } from '../../../preload/contract/job.ts'

const mostRecent = 12

/** The latest job of each name, newest first: the jobs that are worth running again. */
export function latestOfEach(jobs: readonly JobSummary[]): readonly JobSummary[] {
  const latest = new Map<string, JobSummary>()
  for (const job of jobs.toSorted((a, b) => a.createdAt - b.createdAt)) latest.set(job.name, job)
  return [...latest.values()].sort((a, b) => b.createdAt - a.createdAt).slice(0, mostRecent)
}
