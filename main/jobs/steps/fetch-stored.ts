import { SubletError } from '../../domain/errors.ts'
import { formatBytes } from '../../domain/format.ts'
import { receiveStored } from '../../transfer/receive-stored.ts'
import { loadStored } from '../../transfer/stored.ts'
import { objectsOf } from '../../transfer/stored-objects.ts'
import { clearBucket } from '../clear-bucket.ts'
import { openMirrorState } from '../collect-places.ts'
import type { StepContext } from './context.ts'

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
  const keys = manifest.items.flatMap(({ content, size }) =>
    content === null ? [] : objectsOf(content, size).map(({ key }) => key),
  )
  context.append({
    kind: 'came-home',
    attemptId: attempt.id,
    report: {
      files: outputs?.files ?? manifest.items.filter(({ kind }) => kind === 'file').length,
      bytes: outputs?.bytes ?? 0,
      verified: true,
      warnings: [...(outputs?.warnings ?? []), ...warnings.map(({ sentence }) => sentence)],
    },
  })
  if (opened.deleteWhenHome) await clearBucket(context, opened.bucket, keys)
}
