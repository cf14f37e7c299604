import type { JobSummary } from '../../../preload/contract/job.ts'
import type { SandboxControl } from '../../support/sandbox.ts'
import type { Dice } from './dice.ts'

/** What a misbehaviour acts on. */
export interface Stage {
  readonly sandbox: SandboxControl
  readonly dice: Dice
  /** So many jobs run side by side. */
  readonly jobs: number
  /** How many times faster than ours the sandbox's time runs. */
  readonly speed: number
  /** The jobs as they were last heard of. */
  now(): readonly JobSummary[]
  /** Ends with the schedule: a striker that still waits then gives up. */
  readonly over: AbortSignal
  /** Each job is struck by one striker at most, so that its retries always suffice. */
  readonly struck: Set<string>
}

/** One way in which a cloud can misbehave. */
export interface Misbehaviour {
  readonly name: string
  /** Sentences with which a job may fail under it, and only with those; absent: none may fail. */
  readonly mayFailWith?: RegExp
  /** Where the jobs need spot machines for it to be meant. */
  readonly spot?: true
  /** Before the first job is submitted. Resolves to what was planted, in a few words. */
  readonly plant?: (stage: Stage) => Promise<string>
  /** While the jobs run. Resolves to what was struck once there is nothing left to strike. */
  readonly strike?: (stage: Stage) => Promise<string>
  /** After the last job: undoes what `clearFaults` does not. */
  readonly mend?: (sandbox: SandboxControl) => Promise<void>
}
