import type { StoreApi } from 'zustand/vanilla'
import type { JobId } from '../../../preload/contract/job-state.ts'
import type { Proposal } from '../../../preload/contract/proposal.ts'
import type { Understanding } from '../../../preload/contract/understanding.ts'
import type { Answer } from './answer.ts'
import type { Problems } from './check-draft.ts'
import { type Draft, hasWork } from './draft.ts'
import type { DropSource } from './drop-source.ts'

/** What is being added to the draft. */
export type Taking =
  | { readonly kind: 'idle' }
  | { readonly kind: 'reading' }
  | { readonly kind: 'copying'; readonly bytes: number; readonly totalBytes: number }

export interface RunState {
  readonly draft: Draft
  readonly problems: Problems
  readonly understanding: Answer<Understanding>
  readonly proposal: Answer<Proposal>
  /** The user's yes to a machine that does not stop by itself; for the chosen offer only. */
  readonly acceptsNoLease: boolean
  readonly launching: boolean
  /** What went wrong at launch, in one sentence. */
  readonly launchProblem: string | null
  readonly taking: Taking
  readonly takeProblem: string | null
  /** Names of the secrets in the keychain; null until they are known. */
  readonly secretNames: readonly string[] | null
  readonly secretsProblem: string | null
  /** What providers are called, by id; empty until it is known. */
  readonly providerNames: Readonly<Record<string, string>>
}

export interface RunStore extends StoreApi<RunState> {
  edit(change: Partial<Draft>): void
  /** Asks for what is shown: at first, after a failure, and because prices grow old. */
  refresh(): void
  accept(yes: boolean): void
  /** Adds paths of this computer: a job file among them takes the place of the whole draft. */
  takePaths(paths: readonly string[]): Promise<void>
  /** Copies what was dropped in a browser into the home, then takes it. */
  takeDrop(source: DropSource): Promise<void>
  cancelTaking(): void
  openTemplate(jobId: JobId): Promise<void>
  openDemo(): Promise<void>
  saveAs(path: string, replace: boolean): Promise<void>
  addSecret(name: string, value: string): Promise<void>
  /** Never fails: `secretsProblem` says what went wrong. */
  loadSecrets(): Promise<void>
  /** Submits the proposal that is in sight; null when it could not be. */
  launch(): Promise<JobId | null>
  clear(): void
  dispose(): void
}

/** Why Launch does nothing now, in one sentence; null when it would launch what is in sight. */
export function whyNotYet(state: RunState): string | null {
  const { draft, problems, understanding, proposal, acceptsNoLease, taking } = state
  if (!hasWork(draft)) return 'Drop or choose something to run first.'
  if (taking.kind !== 'idle') return 'Waiting for what you dropped.'
  const [problem] = Object.values(problems)
  if (problem !== undefined) return problem
  if (proposal.updating) return 'Comparing prices …'
  if (understanding.error !== null) return 'It is not clear yet what to run.'
  if (proposal.error !== null || proposal.value === null) return 'There is no offer to launch on.'
  if (!proposal.value.verdict.stopsByItself && !acceptsNoLease) {
    return 'It needs your yes: it does not stop by itself.'
  }
  return null
}
