import { isEnded } from '../../../preload/contract/job-state.ts'
import type { Clock } from '../../domain/clock.ts'
import { toWireError } from '../../domain/errors.ts'
import type { Logger } from '../../domain/logger.ts'
import type { Journal } from '../journal/journal.ts'
import type { LiveFeed } from '../live-feed.ts'
import type { MonitorArchive } from './archive.ts'

const everyRealMs = 10_000

/**
 * Keeps the fast copy of running jobs' figures caught up, so that opening a job that has run for a
 * day does not read a day of text first. Answers the function that ends it.
 */
export function keepWarm(
  parts: {
    readonly feed: LiveFeed
    readonly journal: Journal
    readonly clock: Clock
    readonly log: Logger
  },
  archive: MonitorArchive,
): () => void {
  const { feed, journal, clock, log } = parts
  const caughtUpAt = new Map<string, number>()
  return feed.onChange((jobId) => {
    const now = clock.now()
    const before = caughtUpAt.get(jobId) ?? Number.NEGATIVE_INFINITY
    if (clock.realMs(now - before) < everyRealMs) return
    const job = journal.job(jobId)
    if (isEnded(job.state)) caughtUpAt.delete(jobId)
    else caughtUpAt.set(jobId, now)
    archive.metrics(jobId, job).catch((thrown: unknown) => {
      log.warn({ error: toWireError(thrown) }, `${jobId}: its figures could not be indexed`)
    })
  })
}
