import { isEnded } from '../../../preload/contract/job-state.ts'
import { assertNever } from '../errors.ts'
import type { Step } from './events.ts'
import { lastAttempt, type JobRecord } from './record.ts'
import { holdsRental } from './holds-rental.ts'

/** What the runner does next. Every action is safe to repeat: it finds what an earlier try did. */
export type Action =
  | { readonly kind: 'freeze' }
  | { readonly kind: 'choose' }
  | { readonly kind: 'step'; readonly step: Step }
  /** Ends the attempt before its job ran to the end; the rental goes back. */
  | { readonly kind: 'abandon' }
  /** Brings home what waits in the bucket. */
  | { readonly kind: 'fetch' }
  | { readonly kind: 'finish' }

/** Decides from the record alone, so that a restarted engine goes on exactly here. */
export function nextAction(job: JobRecord): Action | null {
  if (isEnded(job.state)) return null
  const mustEnd = job.stop !== null || job.error !== null
  switch (job.state) {
    case 'queued':
      return mustEnd ? { kind: 'finish' } : { kind: 'freeze' }
    case 'choosing':
    case 'interrupted':
      return mustEnd ? { kind: 'finish' } : { kind: 'choose' }
    case 'launching':
      return mustEnd ? { kind: 'abandon' } : { kind: 'step', step: 'launch' }
    case 'booting':
      return mustEnd ? { kind: 'abandon' } : { kind: 'step', step: 'boot' }
    case 'connecting':
      return mustEnd ? { kind: 'abandon' } : { kind: 'step', step: 'connect' }
    case 'staging':
      return mustEnd ? { kind: 'abandon' } : { kind: 'step', step: 'stage' }
    case 'running':
      return job.stop?.discard === true ? { kind: 'abandon' } : { kind: 'step', step: 'run' }
    case 'collecting':
      return job.stop?.discard === true ? { kind: 'abandon' } : { kind: 'step', step: 'collect' }
    case 'releasing':
      if (holdsRental(job)) return { kind: 'step', step: 'release' }
      // Whoever stops it now, or gives it up, leaves them in the bucket.
      return job.inBucket && job.error === null && job.stop?.late !== true
        ? { kind: 'fetch' }
        : { kind: 'finish' }
    case 'done':
    case 'failed':
    case 'cancelled':
      return null
    default:
      return assertNever(job.state)
  }
}

/** How a job ends that has nothing left to do. */
export function outcomeOf(job: JobRecord): 'done' | 'failed' | 'cancelled' {
  const stop = job.stop?.late === true ? null : job.stop
  if (stop?.reason === 'user') return 'cancelled'
  if (stop !== null || job.error !== null) return 'failed'
  return lastAttempt(job)?.exitCode === 0 ? 'done' : 'failed'
}

/** Whether both are the same thing to do. */
export function sameAction(a: Action | null, b: Action): boolean {
  if (a === null || a.kind !== b.kind) return false
  return a.kind !== 'step' || b.kind !== 'step' || a.step === b.step
}

/** For logs. */
export function actionName(action: Action): string {
  return action.kind === 'step' ? action.step : action.kind
}
