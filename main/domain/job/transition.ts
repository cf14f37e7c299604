import type { TimelineEntry } from '../../../preload/contract/job.ts'
import type { JobState } from '../../../preload/contract/job-state.ts'
import { assertNever, SubletError } from '../errors.ts'
import type { JobEvent, JobEventOf, Step, Terms } from './events.ts'
import { newAttempt } from './begin.ts'
import { lastAttempt, type AttemptRecord, type JobRecord } from './record.ts'

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

/**
 * The next record after an event. Pure and total over events; an event that cannot happen in the
 * record's state is a defect and throws `internal`, so that a bad fold never acts.
 */
export function transition(job: JobRecord, event: JobEvent, at: number): JobRecord {
  switch (event.kind) {
    case 'submitted':
      throw impossible(job, event)
    case 'inputs-frozen':
      expect(job, event, ['queued'])
      return enter(
        {
          ...job,
          frozen: { bytes: event.bytes, files: event.files },
          warnings: [...job.warnings, ...event.warnings],
        },
        'choosing',
        'Choosing the best machine',
        at,
      )
    case 'attempt-started':
      expect(job, event, ['choosing', 'interrupted'])
      return enter(
        { ...job, attempts: [...job.attempts, newAttempt(event, at)] },
        stateOf(firstStep(event.plan)),
        event.because,
        at,
      )
    case 'launched':
      return advance(job, event, 'launch', {}, 'The machine starts', at)
    case 'booted':
      return advance(job, event, 'boot', {}, 'The machine is up', at)
    case 'connected':
      return advance(
        { ...job, warnings: [...job.warnings, ...event.warnings] },
        event,
        'connect',
        { connectedAt: at, verdict: event.verdict, gpuIndices: event.gpuIndices },
        'Uploading',
        at,
      )
    case 'staged':
      expect(job, event, ['staging'])
      return changeAttempt(job, event, { stagedAt: at, inputsCompleteAtS: event.completeAtS })
    case 'started':
      return advance(job, event, 'stage', { startedAt: at }, 'The job runs', at)
    case 'exited':
      return advance(
        job,
        event,
        'run',
        { exitedAt: at, exitCode: event.exitCode, inSetup: event.inSetup },
        event.sentence,
        at,
      )
    case 'collected':
      return advance(
        { ...job, outputs: event.report, inBucket: event.where === 'bucket' },
        event,
        'collect',
        { collectedAt: at },
        event.where === 'bucket'
          ? 'The results are in the bucket; giving the machine back'
          : 'The results are home; giving the machine back',
        at,
      )
    case 'came-home':
      expectAttempt(job, event, ['releasing'])
      if (!job.inBucket) throw impossible(job, event)
      return enter(
        { ...job, outputs: event.report, inBucket: false },
        'releasing',
        'The results are home',
        at,
      )
    case 'release-called':
      expect(job, event, ['releasing'])
      return changeAttempt(job, event, {
        releaseCalledAt: at,
        keptWarmUntil: event.keptWarmUntil,
      })
    case 'refused':
      expectAttempt(job, event, ['launching', 'booting', 'connecting', 'staging'])
      return enter(
        {
          ...job,
          refusals: [
            ...job.refusals,
            { offerId: attemptOf(job, event).offer.id, error: event.error },
          ],
        },
        'choosing',
        event.error.message,
        at,
      )
    case 'interrupted':
      expectAttempt(job, event, ['booting', 'connecting', 'staging', 'running', 'collecting'])
      return enter(
        { ...job, interruptions: job.interruptions + 1 },
        'interrupted',
        event.sentence,
        at,
      )
    case 'stop-requested':
      expectNotEnded(job, event)
      // A stronger wish (discard) may follow a weaker one, never the other way round.
      return {
        ...job,
        stop: {
          reason: job.stop?.reason ?? event.reason,
          discard: event.discard || (job.stop?.discard ?? false),
          sentence: job.stop === null ? (event.sentence ?? null) : job.stop.sentence,
          late: job.stop?.late ?? job.state === 'releasing',
        },
      }
    case 'extended':
      expectNotEnded(job, event)
      return withTerms(
        { ...job, extension: { before: event.before, endBy: event.terms.endBy, refused: null } },
        event.terms,
      )
    case 'extension-refused':
      expectNotEnded(job, event)
      return withTerms(
        {
          ...job,
          extension: {
            before: event.before,
            endBy: event.before.endBy,
            refused: event.sentence,
          },
          warnings: [...job.warnings, event.sentence],
        },
        event.before,
      )
    case 'gave-up':
      expectNotEnded(job, event)
      return holdsRental(job)
        ? enter({ ...job, error: event.error }, 'releasing', event.error.message, at)
        : { ...job, error: event.error }
    case 'after-ran':
      expect(job, event, ['releasing'])
      return {
        ...job,
        afterRan: true,
        warnings: event.failure === null ? job.warnings : [...job.warnings, event.failure],
      }
    case 'warned':
      return { ...job, warnings: [...job.warnings, event.sentence] }
    case 'ended':
      expectNotEnded(job, event)
      return enter({ ...job, endedAt: at }, event.outcome, endSentence(event.outcome), at)
    default:
      return assertNever(event)
  }
}

/** Whether the last attempt's rental is still this job's to give back. */
export function holdsRental(job: JobRecord): boolean {
  const attempt = lastAttempt(job)
  return (
    attempt !== null &&
    attempt.releaseCalledAt === null &&
    job.state !== 'choosing' &&
    job.state !== 'interrupted'
  )
}

function withTerms(job: JobRecord, terms: Terms): JobRecord {
  const { ceiling, budgetMicros, maxDurationMs } = terms
  const limits = { ...job.spec.limits, budgetMicros, maxDurationMs }
  return { ...job, ceiling, spec: { ...job.spec, limits } }
}

type AttemptEvent = Extract<JobEvent, { attemptId: string }>

function attemptOf(job: JobRecord, event: AttemptEvent): AttemptRecord {
  const attempt = lastAttempt(job)
  if (attempt === null || attempt.id !== event.attemptId) throw impossible(job, event)
  return attempt
}

function changeAttempt(
  job: JobRecord,
  event: AttemptEvent,
  change: Partial<AttemptRecord>,
): JobRecord {
  const changed = { ...attemptOf(job, event), ...change }
  return { ...job, attempts: [...job.attempts.slice(0, -1), changed] }
}

/** Ends `step` of the attempt's plan and enters the state of the step after it. */
function advance(
  job: JobRecord,
  event: AttemptEvent,
  step: Step,
  change: Partial<AttemptRecord>,
  sentence: string,
  at: number,
): JobRecord {
  expect(job, event, [stateOf(step)])
  const { plan } = attemptOf(job, event)
  const next = plan[plan.indexOf(step) + 1]
  if (next === undefined) throw impossible(job, event)
  return enter(changeAttempt(job, event, change), stateOf(next), sentence, at)
}

function enter(job: JobRecord, state: JobState, sentence: string, at: number): JobRecord {
  const closed = job.timeline.map((entry): TimelineEntry =>
    entry.until === null ? { ...entry, until: at } : entry,
  )
  return { ...job, state, timeline: [...closed, { at, until: null, state, sentence }] }
}

function firstStep(plan: readonly Step[]): Step {
  const first = plan[0]
  if (first === undefined) throw new SubletError('internal', 'An attempt needs a plan.')
  return first
}

function endSentence(outcome: JobEventOf<'ended'>['outcome']): string {
  switch (outcome) {
    case 'done':
      return 'Done'
    case 'failed':
      return 'Failed'
    case 'cancelled':
      return 'Stopped'
    default:
      return assertNever(outcome)
  }
}

function expect(job: JobRecord, event: JobEvent, states: readonly JobState[]): void {
  if (!states.includes(job.state)) throw impossible(job, event)
}

function expectAttempt(job: JobRecord, event: AttemptEvent, states: readonly JobState[]): void {
  expect(job, event, states)
  attemptOf(job, event)
}

function expectNotEnded(job: JobRecord, event: JobEvent): void {
  if (job.endedAt !== null) throw impossible(job, event)
}

function impossible(job: JobRecord, event: JobEvent): SubletError {
  return new SubletError('internal', `${event.kind} cannot happen to ${job.id} while ${job.state}.`)
}
