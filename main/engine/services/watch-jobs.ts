import type { JobSummary } from '../../../preload/contract/job.ts'
import { jobChanges } from '../../jobs/changes.ts'
import { summaryOf } from '../../jobs/views/summary.ts'
import type { StreamAnswer } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

/** Summaries now, and again whenever one changes; of all jobs or of one, until the client leaves. */
export async function watchJobs(
  parts: ServiceParts,
  jobId: string | undefined,
  signal: AbortSignal,
): Promise<StreamAnswer<JobSummary[], JobSummary>> {
  // Subscribed before the snapshot is taken, so that nothing falls between.
  const left = new AbortController()
  const changes = jobChanges(parts, AbortSignal.any([signal, left.signal]))
  const first = changes.next()
  const { journal } = parts
  const jobs = jobId === undefined ? journal.jobs() : [journal.job(jobId)]
  return {
    snapshot: jobs.map((job) => summaryOf(job, parts)),
    events: changed(parts, jobId, first, changes, left),
  }
}

async function* changed(
  parts: ServiceParts,
  jobId: string | undefined,
  first: Promise<IteratorResult<ReadonlySet<string>>>,
  rest: AsyncGenerator<ReadonlySet<string>>,
  left: AbortController,
): AsyncGenerator<JobSummary> {
  try {
    for (let next = await first; next.done !== true; next = await rest.next()) {
      for (const id of next.value) {
        if (jobId === undefined || id === jobId) yield summaryOf(parts.journal.job(id), parts)
      }
    }
  } finally {
    left.abort()
  }
}
