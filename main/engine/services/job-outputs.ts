import { stat } from 'node:fs/promises'
import { isEnded } from '../../../preload/contract/job-state.ts'
import type { Outputs } from '../../../preload/contract/job-actions.ts'
import { collectionNow } from '../../jobs/collection.ts'
import { jobChanges } from '../../jobs/changes.ts'
import { readOutputs } from '../../jobs/outputs.ts'
import type { StreamAnswer } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

type Parts = Pick<ServiceParts, 'journal' | 'paths' | 'feed' | 'clock' | 'homeLink'>
interface Input {
  readonly jobId: string
  readonly most: number
}

/** What has come home, now and again whenever the mirror has brought more, until the job has ended. */
export async function jobOutputs(
  parts: Parts,
  input: Input,
  signal: AbortSignal,
): Promise<StreamAnswer<Outputs, Outputs>> {
  const left = new AbortController()
  // Subscribed before the snapshot is taken, so that nothing falls between.
  const changes = jobChanges(parts, AbortSignal.any([signal, left.signal]))
  const first = changes.next()
  const seen = await mark(parts, input.jobId)
  const snapshot = await outputsOf(parts, input)
  return { snapshot, events: later(parts, input, seen, first, changes, left) }
}

async function* later(
  parts: Parts,
  { jobId, most }: Input,
  seenAtFirst: string,
  first: Promise<IteratorResult<ReadonlySet<string>>>,
  changes: AsyncGenerator<ReadonlySet<string>>,
  left: AbortController,
): AsyncGenerator<Outputs> {
  const { journal } = parts
  let seen = seenAtFirst
  try {
    if (isEnded(journal.job(jobId).state)) return
    for (let next = await first; next.done !== true; next = await changes.next()) {
      if (!next.value.has(jobId)) continue
      const job = journal.job(jobId)
      const now = await mark(parts, jobId)
      if (now !== seen) {
        seen = now
        yield await outputsOf(parts, { jobId, most })
      }
      if (isEnded(job.state)) return
    }
  } finally {
    left.abort()
  }
}

function outputsOf(parts: Parts, { jobId, most }: Input): Promise<Outputs> {
  const { journal, paths, feed } = parts
  const job = journal.job(jobId)
  const live = { mirror: feed.mirrorOf(jobId), collection: collectionNow(parts, job) }
  return readOutputs(job, paths, most, live)
}

/** Changes whenever a pass has written its record, and when the last one has verified all. */
async function mark({ journal, paths, feed }: Parts, jobId: string): Promise<string> {
  const { spec, outputs } = journal.job(jobId)
  const written = await stat(paths.mirrorState(spec.outputDir)).then(
    ({ ino, mtimeMs, size }) => `${ino}.${mtimeMs}.${size}`,
    () => 'none', // Nothing has come home yet.
  )
  const { state, nextAt, lastAt } = feed.mirrorOf(jobId) ?? {}
  return `${written}.${outputs === null ? 'open' : 'verified'}.${state}.${nextAt}.${lastAt}`
}
