import type { JobEventOf } from './events.ts'
import type { AttemptRecord, JobRecord } from './record.ts'

/** The record that a `submitted` event begins. */
export function begin(id: string, event: JobEventOf<'submitted'>, at: number): JobRecord {
  return {
    id,
    spec: event.spec,
    ceiling: event.ceiling,
    acceptsNoLease: event.acceptsNoLease,
    state: 'queued',
    submittedAt: at,
    endedAt: null,
    frozen: null,
    attempts: [],
    refusals: [],
    interruptions: 0,
    stop: null,
    error: null,
    outputs: null,
    inBucket: false,
    afterRan: false,
    extension: null,
    inputsOf: event.inputsOf ?? null,
    warnings: [],
    timeline: [{ at, until: null, state: 'queued', sentence: 'Freezing the inputs' }],
  }
}

/** The attempt that an `attempt-started` event begins. */
export function newAttempt(event: JobEventOf<'attempt-started'>, at: number): AttemptRecord {
  return {
    id: event.attemptId,
    rentalId: event.rentalId,
    offer: event.offer,
    plan: event.plan,
    estimate: event.estimate,
    warm: event.warm,
    beganAt: at,
    connectedAt: null,
    stagedAt: null,
    inputsCompleteAtS: null,
    startedAt: null,
    exitedAt: null,
    collectedAt: null,
    releaseCalledAt: null,
    exitCode: null,
    inSetup: false,
    gpuIndices: null,
    verdict: null,
    keptWarmUntil: null,
  }
}
