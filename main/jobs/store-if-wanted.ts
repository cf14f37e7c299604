import type { ResultBucket } from '../bucket/bucket.ts'
import { mustCompare } from '../bucket/compares.ts'
import { toSubletError, toWireError } from '../domain/errors.ts'
import type { Machine } from '../machine/machine.ts'
import { clearBucket } from './clear-bucket.ts'
import { collectionNow } from './collection.ts'
import { goesByBucket } from './results-way.ts'
import { storeResults, type Stored } from './store-results.ts'
import type { StepContext } from './steps/context.ts'

/**
 * Brings the results into the bucket where the job says so. Null where it does not, where there is
 * no bucket or nothing to bring, and where the bucket refuses or cannot be trusted, which is told: then the results come
 * straight home. Throws only what would keep them from coming home too.
 */
export async function storeIfWanted(
  context: StepContext,
  machine: Machine,
): Promise<Stored | null> {
  const leftMs = context.rental().endBy - context.clock.now()
  const { results } = context.job().spec
  if (!goesByBucket(results, collectionNow(context, context.job()), leftMs)) return null
  const begun = new Set<string>()
  let bucket: ResultBucket | null = null
  try {
    const opened = await context.buckets.open()
    if (opened !== null) {
      await mustCompare(opened.bucket, context.signal)
      bucket = opened.bucket
      return await storeResults(context, machine, bucket, { onBegin: (key) => begun.add(key) })
    }
    tellOnce(context, 'No bucket is set (sublet bucket set), so the results come straight home.')
  } catch (thrown) {
    context.signal.throwIfAborted()
    if (machine.lost.aborted) throw thrown
    const error = toSubletError(thrown)
    context.log.warn({ error: toWireError(error) }, `${context.jobId}: not by way of the bucket`)
    tellOnce(context, `${error.message} The results come straight home instead.`)
    // Nothing will ever ask for what is there already, and it may cost something.
    if (bucket !== null) await clearBucket(context, bucket, begun)
  }
  return null
}

function tellOnce(context: StepContext, sentence: string): void {
  if (context.job().warnings.includes(sentence)) return
  context.append({ kind: 'warned', sentence })
}
