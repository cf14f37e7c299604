import { SubletError } from '../../domain/errors.ts'
import { formatBytes } from '../../domain/format.ts'
import { receiveStored } from '../../transfer/receive-stored.ts'
import { loadStored } from '../../transfer/stored.ts'
import { openMirrorState } from '../collect-places.ts'
import type { ConfiguredBucket } from '../ports.ts'
import type { StepContext } from './context.ts'

const clearWithinMs = 60_000

/** Brings home what waits in the bucket; the machine is given back already. */
export async function fetchStored(context: StepContext): Promise<void> {
  const { signal, jobId } = context
  const attempt = context.attempt()
  const { spec, outputs } = context.job()
  const opened = await context.buckets.open()
  if (opened === null) {
    throw new SubletError(
      'invalid',
      'The results wait in a bucket that is not set here any more: set it in Settings, or with "sublet bucket set".',
    )
  }
  const manifest = await loadStored(context.paths.stored(jobId, attempt.id))
  const { warnings } = await receiveStored(manifest, spec.outputDir, {
    state: await openMirrorState(context),
    signal,
    read: async (key, offset, aborted) => await opened.bucket.read(key, offset, aborted),
    onProgress: ({ bytesDone, bytesTotal }) => {
      const fraction = bytesTotal === 0 ? 1 : bytesDone / bytesTotal
      context.progress(
        fraction,
        `In the bucket, coming home: ${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`,
      )
    },
  })
  const keys = manifest.items.flatMap(({ content }) => content?.key ?? [])
  context.append({
    kind: 'came-home',
    attemptId: attempt.id,
    report: {
      files: outputs?.files ?? keys.length,
      bytes: outputs?.bytes ?? 0,
      verified: true,
      warnings: [...(outputs?.warnings ?? []), ...warnings.map(({ sentence }) => sentence)],
    },
  })
  if (opened.deleteWhenHome) await clear(context, opened, keys)
}

/** The results are home: what is left in the bucket is told, and holds nothing up. */
async function clear(
  context: StepContext,
  { bucket }: ConfiguredBucket,
  keys: readonly string[],
): Promise<void> {
  // The step's own signal is aborted by what was journaled last.
  const signal = AbortSignal.timeout(clearWithinMs)
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
