import { formatCount } from '../../domain/format.ts'
import { shellQuote } from '../../domain/shell-quote.ts'
import type { Machine } from '../../machine/machine.ts'
import type { FrozenManifest } from '../../transfer/frozen.ts'
import { whatGoesBack } from '../../transfer/mirror/go-back.ts'
import type { PathBytes } from '../../transfer/path-bytes.ts'
import { pathFeed, remoteFailure, runForBytes } from '../../transfer/remote-command.ts'
import { sendTree } from '../../transfer/send.ts'
import { SourceMovedError } from '../../transfer/sources.ts'
import { openMirrorState } from '../collect-places.ts'
import type { RemotePaths } from '../remote-paths.ts'
import type { StepContext } from './context.ts'

/**
 * What came home from an interrupted attempt goes to the next one, for SUBLET_RESUME: each file to
 * the place where the job had written it, below SUBLET_OUTPUT or in the work folder. Only what
 * Sublet brought for this job, and nobody changed here since; the user's own files stay here.
 *
 * The only copy lies in the user's folder. What is changed there while it is sent is treated as if
 * it had been changed before: it stays, with its whole checkpoint folder, and the rest goes.
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
  const moving = { output: new Set<PathBytes>(), work: new Set<PathBytes>() }
  const onProgress = ({ bytesDone, bytesTotal }: { bytesDone: number; bytesTotal: number }): void =>
    context.progress(
      bytesTotal === 0 ? 1 : bytesDone / bytesTotal,
      'Sending what had come home to the new machine',
    )
  /** False where a file moved meanwhile. */
  const send = async (from: 'output' | 'work', tree: FrozenManifest): Promise<boolean> => {
    // Nothing else is in the output folder yet; an earlier try may have left more than goes now.
    const options = { signal, onProgress, acknowledged, exact: from === 'output' }
    try {
      await sendTree(machine, tree, paths[from], options)
      return true
    } catch (thrown) {
      if (!(thrown instanceof SourceMovedError)) throw thrown
      moving[from].add(thrown.path)
      return false
    }
  }
  for (;;) {
    const back = await whatGoesBack(state, jobId, outputDir, moving)
    await asSubmitted(machine, paths, back.staysOfWork, signal)
    if (!(await send('output', back.output))) continue
    if (back.work.entries.length > 0 && !(await send('work', back.work))) continue
    if (back.changedHere > 0) {
      log.info(
        {},
        `${jobId}: ${formatCount(back.changedHere, 'result')} changed here, not sent back`,
      )
    }
    return
  }
}

// Folders that nothing is left in go too: to a job, an empty step-100/ is its newest checkpoint.
const placeAsSubmitted = `for p; do
[ ! -d "$p" ] || [ -L "$p" ] || continue
rm -f -- "$p" || { chmod u+w "\${p%/*}" && rm -f -- "$p"; } || exit 1
if [ -e "$from/$p" ] || [ -L "$from/$p" ]; then cp -a "$from/$p" "$p" || exit 1; fi
d=\${p%/*}; while [ "$d" != . ] && [ ! -d "$from/$d" ] && rmdir "$d" 2>/dev/null; do d=\${d%/*}; done
done`

/** These places of the work folder as the inputs have them, whatever an earlier try has sent there. */
async function asSubmitted(
  machine: Machine,
  { work, code }: RemotePaths,
  places: readonly PathBytes[],
  signal: AbortSignal,
): Promise<void> {
  if (places.length === 0) return
  const command = `cd ${shellQuote(work)} && from=${shellQuote(code)} LC_ALL=C xargs -0 sh -c ${shellQuote(placeAsSubmitted)} sh`
  const outcome = await runForBytes(machine, command, pathFeed(places), signal)
  if (outcome.exitCode !== 0) throw remoteFailure(machine, `clear ${work}`, outcome)
}
