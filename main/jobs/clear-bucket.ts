import type { ResultBucket } from '../bucket/bucket.ts'
import type { StepContext } from './steps/context.ts'

const withinMs = 60_000

/** Deletes objects of the job. What is left in the bucket is told, and holds nothing up. */
export async function clearBucket(
  context: Pick<StepContext, 'append'>,
  bucket: ResultBucket,
  keys: Iterable<string>,
): Promise<void> {
  // The step's own signal may be aborted by what was journaled last.
  const signal = AbortSignal.timeout(withinMs)
  try {
    for (const key of keys) await bucket.delete(key, signal)
  } catch {
    // Whatever the reason, what it means is the same.
    context.append({
      kind: 'warned',
      sentence: `Not everything of this job could be deleted in the bucket ${bucket.label}.`,
    })
  }
}
