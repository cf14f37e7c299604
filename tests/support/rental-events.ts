import type { RentalId } from '../../preload/contract/rental.ts'
import type { RentalEvent, RentalEventOf } from '../../main/domain/rental/events.ts'
import { micros, now, offer, receipt } from './fake-facts.ts'

/** The first event of a rental on the sandbox; ends an hour from the tests' present unless told. */
export function intended(endBy: number = now + 3_600_000): RentalEventOf<'intended'> {
  return {
    kind: 'intended',
    offer,
    accountId: 'sandbox',
    homeId: 'home',
    environment: { kind: 'machine' },
    diskGiB: 1,
    endBy,
    maxMicrosPerHour: micros(1),
    estimateMicros: micros(1),
  }
}

/** One event of each kind that may follow, for an attempt's rental. */
export function rentalEventsOf(id: RentalId, attemptId: string): readonly RentalEvent[] {
  const verdict = { stopsByItself: true, endsAt: now + 3_600_000, levels: [] }
  return [
    { kind: 'launch-issued' },
    { kind: 'launched', instanceId: 'i-1', billedFrom: null, gpuIndices: null },
    { kind: 'launch-refused', error: { code: 'no-capacity', message: 'None is free.' } },
    { kind: 'launch-unanswered' },
    {
      kind: 'reachable',
      ssh: { host: '127.0.0.1', port: 22, user: 'ubuntu', hostKeys: ['ssh-ed25519 AAAA'] },
    },
    { kind: 'host-key', from: 'injected', fingerprint: 'SHA256:x', keptBecause: null },
    { kind: 'leased', verdict, endBy: now + 3_600_000 },
    { kind: 'allocated', attemptId, jobId: 'j1', jobName: 'train', project: null },
    { kind: 'freed', attemptId },
    { kind: 'lease-moved', endBy: now + 7_200_000 },
    { kind: 'kept-warm', until: now + 600_000 },
    { kind: 'egress-measured', bytes: 7 },
    { kind: 'release-intended', because: 'A test wants it.' },
    { kind: 'release-pending', sentence: 'Going' },
    { kind: 'released', receipt: { ...receipt, rentalId: id } },
    { kind: 'reappeared', because: 'It is listed again.', instanceId: 'i-1' },
  ]
}
