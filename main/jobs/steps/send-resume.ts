import { formatCount } from '../../domain/format.ts'
import type { Machine } from '../../machine/machine.ts'
import { sendTree } from '../../transfer/send.ts'
import { whatGoesBack } from '../../transfer/mirror/go-back.ts'
import { openMirrorState } from '../collect-places.ts'
import type { RemotePaths } from '../remote-paths.ts'
import type { StepContext } from './context.ts'

/**
 * What came home from an interrupted attempt goes to the next one, for SUBLET_RESUME: each file to
 * the place where the job had written it, below SUBLET_OUTPUT or in the work folder. Only what
 * Sublet brought for this job, and nobody changed here since; the user's own files stay here.
 */
export async function sendResume(
  context: StepContext,
  machine: Machine,
  paths: RemotePaths,
): Promise<void> {
  const { signal, jobId, log } = context
  const acknowledged = context.acknowledged.of(context.rental().id)
  const { outputDir } = context.job().spec
  const state = await openMirrorState(context)
  const { output, work, changedHere } = await whatGoesBack(state, jobId, outputDir)
  if (changedHere > 0) {
    log.info({}, `${jobId}: ${formatCount(changedHere, 'result')} changed here, not sent back`)
  }
  const onProgress = ({ bytesDone, bytesTotal }: { bytesDone: number; bytesTotal: number }): void =>
    context.progress(
      bytesTotal === 0 ? 1 : bytesDone / bytesTotal,
      'Sending what had come home to the new machine',
    )
  const options = { signal, onProgress, acknowledged }
  if (output.entries.length > 0) await sendTree(machine, output, paths.output, options)
  if (work.entries.length > 0) await sendTree(machine, work, paths.work, options)
}
