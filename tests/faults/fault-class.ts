/** How much a run injects: `seed` is the small fixed part of `npm test`, `full` all that is promised. */
export type FaultSize = 'seed' | 'full'

export interface FaultRun {
  readonly size: FaultSize
  /** Every random choice of a class follows from it, so that a failure can be run again. */
  readonly seed: number
  readonly signal: AbortSignal
  /** A line of progress for the person who waits. */
  readonly say: (sentence: string) => void
}

/** What came of a fault, or of `count` faults that are judged together. */
export interface Injection {
  /** Which fault, exactly enough to run it again: `killed before line 17 (job:started)`. */
  readonly what: string
  readonly count: number
  /** All promises held: the job came to its end, once, with its results and its receipt. */
  readonly survived: boolean
  /** Machines (disks, addresses) that still cost money when all was over, or later than promised. */
  readonly leaked: number
  /** Results, log lines, ledger entries or secrets that were lost, wrong, or where they must not be. */
  readonly lost: number
  /** What broke, in a sentence; null when nothing did. */
  readonly problem: string | null
}

/** One row of `npm run test:faults`. Every file of `classes/` exports one as `faultClass`. */
export interface FaultClass {
  /** As the table shows it. */
  readonly name: string
  /** What is promised under this fault, in a sentence; docs/SECURITY names the same promise. */
  readonly promise: string
  /**
   * Injects one fault after the other (or several side by side) and yields what came of each. A
   * throw counts as one fault that was not survived. Leaves no process and no file behind.
   */
  injections(run: FaultRun): AsyncIterable<Injection>
}

/** An injection under which everything held. */
export function held(what: string, count = 1): Injection {
  return { what, count, survived: true, leaked: 0, lost: 0, problem: null }
}

/** An injection that broke a promise. */
export function broke(
  what: string,
  problem: string,
  harm: { readonly leaked?: number; readonly lost?: number } = {},
): Injection {
  const { leaked = 0, lost = 0 } = harm
  return { what, count: 1, survived: false, leaked, lost, problem }
}
