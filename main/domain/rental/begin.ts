import type { RentalId } from '../../../preload/contract/rental.ts'
import type { RentalEventOf } from './events.ts'
import type { RentalRecord } from './record.ts'

/** The record that an `intended` event begins. */
export function beginRental(
  id: RentalId,
  event: RentalEventOf<'intended'>,
  at: number,
): RentalRecord {
  const { kind: _, ...facts } = event
  return {
    id,
    ...facts,
    endBecause: facts.endBecause ?? null,
    endIsFinal: false,
    phase: 'intended',
    intendedAt: at,
    launchIssuedAt: null,
    lastLaunchIssuedAt: null,
    launchOpen: false,
    launchTries: 0,
    neverLaunched: false,
    launchedAt: null,
    instanceId: null,
    billedFrom: null,
    gpuIndices: null,
    ssh: null,
    reachableAt: null,
    hostKey: null,
    verdict: null,
    leasedUntil: null,
    facts: null,
    allocations: [],
    warmUntil: null,
    egressBytes: 0,
    releaseBecause: null,
    releasingSince: null,
    pendingSentence: null,
    releaseFailure: null,
    receipt: null,
    machineGoneAt: null,
    earlierReceipts: [],
  }
}
