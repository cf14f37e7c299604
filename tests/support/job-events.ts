import type { JobEvent, JobEventOf } from '../../main/domain/job/events.ts'
import { steps } from '../../main/domain/job/events.ts'
import { begin } from '../../main/domain/job/begin.ts'
import { transition } from '../../main/domain/job/transition.ts'
import { lastAttempt, type JobRecord } from '../../main/domain/job/record.ts'
import type { Estimate } from '../../preload/contract/estimate.ts'
import type { StopVerdict } from '../../preload/contract/rental.ts'
import { micros, now, offer, spec } from './fake-facts.ts'

const verdict: StopVerdict = { stopsByItself: true, endsAt: now + 60_000, levels: [] }
const estimate: Estimate = {
  lowMicros: micros(1),
  expectedMicros: micros(2),
  highMicros: micros(3),
  expectedDurationMs: 1_000,
  parts: [],
  reasons: [],
}

/** Events with plausible facts, for tests of the pure machine. */
export const submitted: JobEventOf<'submitted'> = {
  kind: 'submitted',
  spec,
  ceiling: { microsPerHour: micros(1_000_000), micros: micros(5_000_000), endBy: now + 3_600_000 },
  acceptsNoLease: false,
}

export function attemptStarted(attemptId: string, warm = false): JobEvent {
  return {
    kind: 'attempt-started',
    attemptId,
    rentalId: 'sublet-01k9zzzzzzzzzzzzzzzzzzzzzz',
    offer,
    plan: warm ? ['connect', 'stage', 'run', 'collect', 'release'] : [...steps],
    estimate,
    warm,
    because: 'A test wants it',
  }
}

const error = { code: 'no-capacity' as const, message: 'No machine is free.' }

/** One event of each kind for the attempt. */
export function eventsOf(attemptId: string): JobEvent[] {
  return [
    { kind: 'inputs-frozen', bytes: 10, files: 1, warnings: [] },
    attemptStarted(`${attemptId}+`),
    { kind: 'launched', attemptId, instanceId: 'i-1' },
    { kind: 'booted', attemptId },
    {
      kind: 'connected',
      attemptId,
      verdict,
      hostKeyFingerprint: 'SHA256:x',
      gpuIndices: null,
      warnings: [],
    },
    { kind: 'staged', attemptId, bytesSent: 10, bytesSkipped: 0, completeAtS: 1 },
    { kind: 'started', attemptId },
    { kind: 'exited', attemptId, exitCode: 0, inSetup: false, sentence: 'It ended' },
    {
      kind: 'collected',
      attemptId,
      report: { files: 1, bytes: 1, verified: true, warnings: [] },
    },
    { kind: 'release-called', attemptId, keptWarmUntil: null },
    { kind: 'refused', attemptId, error },
    { kind: 'interrupted', attemptId, sentence: 'It was taken away' },
    { kind: 'stop-requested', reason: 'user', discard: false },
    { kind: 'stop-requested', reason: 'budget', discard: true },
    { kind: 'gave-up', error },
    { kind: 'after-ran', failure: null },
    { kind: 'warned', sentence: 'Mind this' },
    { kind: 'ended', outcome: 'failed' },
  ]
}

export function fresh(): JobRecord {
  return begin('job-01k9zzzzzzzzzzzzzzzzzzzzzz', submitted, now)
}

/** Applies events in order, a second apart. */
export function fold(events: readonly JobEvent[], from: JobRecord = fresh()): JobRecord {
  return events.reduce(
    (job, event, index) => transition(job, event, now + 1_000 * (index + 1)),
    from,
  )
}

/** The plain way from queued to the end. */
export function happyPath(attemptId = 'a1', warm = false): JobEvent[] {
  const all = eventsOf(attemptId)
  const wanted = [
    'launched',
    'booted',
    'connected',
    'staged',
    'started',
    'exited',
    'collected',
    'release-called',
  ].filter((kind) => !warm || (kind !== 'launched' && kind !== 'booted'))
  const first = all[0]
  if (first === undefined) throw new Error('No first event.')
  return [
    first,
    attemptStarted(attemptId, warm),
    ...wanted.flatMap((kind) => all.filter((event) => event.kind === kind)),
    { kind: 'ended', outcome: 'done' },
  ]
}

export const attemptIdOf = (job: JobRecord): string => lastAttempt(job)?.id ?? 'a0'
