import type { JobState } from '../../../preload/contract/job-state.ts'
import { SubletError } from '../errors.ts'
import type { JobEvent } from './events.ts'
import { lastAttempt, type AttemptRecord, type JobRecord } from './record.ts'

/** Events that speak of one attempt, which must be the last. */
export type AttemptEvent = Extract<JobEvent, { attemptId: string }>

/** The last attempt, of which the event must speak; throws `internal` where it does not. */
export function attemptOf(job: JobRecord, event: AttemptEvent): AttemptRecord {
  const attempt = lastAttempt(job)
  if (attempt === null || attempt.id !== event.attemptId) throw impossible(job, event)
  return attempt
}

/** Throws `internal` unless the job is in one of the states. */
export function expectState(job: JobRecord, event: JobEvent, states: readonly JobState[]): void {
  if (!states.includes(job.state)) throw impossible(job, event)
}

/** The same, of an event that speaks of the last attempt. */
export function expectAttempt(
  job: JobRecord,
  event: AttemptEvent,
  states: readonly JobState[],
): void {
  expectState(job, event, states)
  attemptOf(job, event)
}

/** Throws `internal` once the job has ended. */
export function expectNotEnded(job: JobRecord, event: JobEvent): void {
  if (job.endedAt !== null) throw impossible(job, event)
}

/** A defect: an event that the record's state does not allow. */
export function impossible(job: JobRecord, event: JobEvent): SubletError {
  return new SubletError('internal', `${event.kind} cannot happen to ${job.id} while ${job.state}.`)
}
