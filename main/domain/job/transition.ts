import { assertNever } from '../errors.ts'
import { newAttempt } from './begin.ts'
import type { JobEvent, JobEventOf, Terms } from './events.ts'
import { holdsRental } from './holds-rental.ts'
import { attemptOf, expectState, expectAttempt, expectNotEnded, impossible } from './may-happen.ts'
import { advance, changeAttempt, enter, firstStep, stateOf } from './moves.ts'
import type { JobRecord } from './record.ts'

/**
 * The next record after an event. Pure and total over events; an event that cannot happen in the
 * record's state is a defect and throws `internal`, so that a bad fold never acts.
 */
export function transition(job: JobRecord, event: JobEvent, at: number): JobRecord {
  switch (event.kind) {
    case 'submitted':
      throw impossible(job, event)
    case 'inputs-frozen':
      expectState(job, event, ['queued'])
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
      expectState(job, event, ['choosing', 'interrupted'])
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
      expectState(job, event, ['staging'])
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
      expectState(job, event, ['releasing'])
      return changeAttempt(job, event, {
        releaseCalledAt: at,
        keptWarmUntil: event.keptWarmUntil,
      })
    case 'refused':
      expectAttempt(job, event, ['launching', 'booting', 'connecting', 'staging'])
      return enter(
        {
          ...job,
          refusals: [...job.refusals, { offer: attemptOf(job, event).offer, error: event.error }],
        },
        'choosing',
        event.because ?? event.error.message,
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
      expectState(job, event, ['releasing'])
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

function withTerms(job: JobRecord, terms: Terms): JobRecord {
  const { ceiling, budgetMicros, maxDurationMs } = terms
  const limits = { ...job.spec.limits, budgetMicros, maxDurationMs }
  return { ...job, ceiling, spec: { ...job.spec, limits } }
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
