import type { JobState } from '../../../preload/contract/job-state.ts'
import type { TimelineEntry } from '../../../preload/contract/job.ts'
import { assertNever, SubletError } from '../errors.ts'
import type { Step } from './events.ts'
import { attemptOf, expectState, impossible, type AttemptEvent } from './may-happen.ts'
import type { AttemptRecord, JobRecord } from './record.ts'

/** The state in which a step is under way. */
export function stateOf(step: Step): JobState {
  switch (step) {
    case 'launch':
      return 'launching'
    case 'boot':
      return 'booting'
    case 'connect':
      return 'connecting'
    case 'stage':
      return 'staging'
    case 'run':
      return 'running'
    case 'collect':
      return 'collecting'
    case 'release':
      return 'releasing'
    default:
      return assertNever(step)
  }
}

/** What an attempt begins with; throws `internal` for a plan without steps. */
export function firstStep(plan: readonly Step[]): Step {
  const first = plan[0]
  if (first === undefined) throw new SubletError('internal', 'An attempt needs a plan.')
  return first
}

/** The record with its last attempt changed. */
export function changeAttempt(
  job: JobRecord,
  event: AttemptEvent,
  change: Partial<AttemptRecord>,
): JobRecord {
  const changed = { ...attemptOf(job, event), ...change }
  return { ...job, attempts: [...job.attempts.slice(0, -1), changed] }
}

/** Ends `step` of the attempt's plan and enters the state of the step after it. */
export function advance(
  job: JobRecord,
  event: AttemptEvent,
  step: Step,
  change: Partial<AttemptRecord>,
  sentence: string,
  at: number,
): JobRecord {
  expectState(job, event, [stateOf(step)])
  const { plan } = attemptOf(job, event)
  const next = plan[plan.indexOf(step) + 1]
  if (next === undefined) throw impossible(job, event)
  return enter(changeAttempt(job, event, change), stateOf(next), sentence, at)
}

/** Enters a state: what lasted until now has ended in the timeline. */
export function enter(job: JobRecord, state: JobState, sentence: string, at: number): JobRecord {
  const closed = job.timeline.map((entry): TimelineEntry =>
    entry.until === null ? { ...entry, until: at } : entry,
  )
  return { ...job, state, timeline: [...closed, { at, until: null, state, sentence }] }
}
