import type { JobFile } from '../../../preload/contract/job-file.ts'
import type { Entry } from '../../../preload/contract/job-spec.ts'
import { proposeLauncher } from '../../domain/environment/torchrun.ts'
import type { UnderstandHelpers } from './understood.ts'

export interface LauncherReading {
  readonly entry: Entry
  readonly understood: readonly string[]
  readonly warnings: readonly string[]
}

/**
 * What starts the entry on several GPUs. A detected script gets its launcher; a command that the
 * user wrote stays as it is, and the better one is only named.
 */
export function understandLauncher(
  entry: Entry,
  gpus: number,
  file: JobFile,
  helpers: UnderstandHelpers,
): LauncherReading {
  const proposal = (helpers.proposeTorchrun ?? proposeLauncher)(entry, gpus)
  if (proposal === null) return { entry, understood: [], warnings: [] }
  if (file.command === undefined) {
    return { entry: proposal.entry, understood: [proposal.sentence], warnings: [] }
  }
  const better = proposal.entry.kind === 'command' ? proposal.entry.command : 'torchrun'
  return {
    entry,
    understood: [],
    warnings: [
      `"${file.command}" by itself uses one of the ${gpus} GPUs: --command '${better}' would start a process for each.`,
    ],
  }
}
