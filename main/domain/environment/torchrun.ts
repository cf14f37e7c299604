import type { Entry } from '../../../preload/contract/job-spec.ts'
import { shellQuote, shellWords } from '../shell-quote.ts'

export interface TorchrunProposal {
  readonly command: string
  /** One sentence for the user. */
  readonly reason: string
}

/**
 * Proposes torchrun for a plain `python train.py …` on several GPUs, which would use only the first
 * one by itself. Null where one GPU is asked for, where a launcher is there already, or where the
 * command is more than one program.
 */
export function proposeTorchrun(command: string, gpus: number): TorchrunProposal | null {
  if (gpus < 2) return null
  const match =
    /^\s*python3?(?:\s+-u)?\s+([^\s'"`$;&|<>()\\-][^\s'"`$;&|<>()\\]*\.py)(\s+[^;&|<>`\n]*)?$/.exec(
      command,
    )
  const script = match?.[1]
  if (script === undefined) return null
  const args = (match?.[2] ?? '').trim()
  const parts = ['torchrun', '--standalone', `--nproc-per-node=${gpus}`, shellQuote(script), args]
  return {
    command: parts.filter((part) => part !== '').join(' '),
    reason: reasonFor(script, gpus),
  }
}

/** The same for a detected entry, in the form that the reading of a job takes. */
export function proposeLauncher(
  entry: Entry,
  gpus: number,
): { readonly entry: Entry; readonly sentence: string } | null {
  if (entry.kind !== 'python' && entry.kind !== 'command') return null
  if (entry.kind === 'command') {
    const proposal = proposeTorchrun(entry.command, gpus)
    if (proposal === null) return null
    return { entry: { kind: 'command', command: proposal.command }, sentence: proposal.reason }
  }
  if (gpus < 2) return null
  const words = ['torchrun', '--standalone', `--nproc-per-node=${gpus}`, entry.path, ...entry.args]
  return {
    entry: { kind: 'command', command: shellWords(words) },
    sentence: reasonFor(entry.path, gpus),
  }
}

function reasonFor(script: string, gpus: number): string {
  return `${script} is started with torchrun, one process for each of the ${gpus} GPUs; give --command to start it otherwise.`
}
