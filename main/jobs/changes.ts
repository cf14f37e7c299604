import type { Clock } from '../domain/clock.ts'
import type { Journal } from './journal/journal.ts'
import type { LiveFeed } from './live-feed.ts'

export interface ChangeSources {
  readonly journal: Journal
  readonly feed: LiveFeed
  readonly clock: Clock
}

/** Between two batches, in physical time: faster than the eye, slower than a busy journal. */
const pauseRealMs = 80

/**
 * Yields sets of job ids of which something changed, in batches; a slow reader gets fewer, larger
 * ones. Changes from the moment of the call on are never missed. Ends when aborted.
 */
export async function* jobChanges(
  { journal, feed, clock }: ChangeSources,
  signal: AbortSignal,
): AsyncGenerator<ReadonlySet<string>> {
  let dirty = new Set<string>()
  let wake: () => void = () => undefined
  const add = (jobId: string): void => {
    dirty.add(jobId)
    wake()
  }
  const stopJournal = journal.onChange(({ jobs, rentals }) => {
    for (const id of jobs) add(id)
    for (const id of rentals) {
      for (const one of journal.rental(id).allocations) add(one.jobId)
    }
  })
  const stopFeed = feed.onChange(add)
  const onAbort = (): void => wake()
  signal.addEventListener('abort', onAbort)
  try {
    while (!signal.aborted) {
      if (dirty.size === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      const batch = dirty
      dirty = new Set()
      yield batch
      await clock.sleep(pauseRealMs / clock.realMs(1), signal).catch(() => undefined) // Aborted.
    }
  } finally {
    stopJournal()
    stopFeed()
    signal.removeEventListener('abort', onAbort)
  }
}
