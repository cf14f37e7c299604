import type { z } from 'zod'
import type { ErrorCode } from '../../../preload/contract/errors.ts'
import type { Environment } from '../../../preload/contract/job-spec.ts'
import type { Micros } from '../../../preload/contract/money.ts'
import type { Offer } from '../../../preload/contract/offer.ts'
import type { HostKey, Receipt, RentalId, StopVerdict } from '../../../preload/contract/rental.ts'
import type { MachineFacts } from '../machine-facts.ts'
import { assertNever, SubletError } from '../errors.ts'
import type { RentalEvent, sshTargetSchema } from './events.ts'
import { machineGone, receiptsOf } from './receipts.ts'

/** An attempt's use of a rental; a warm rental serves several, one after the other. */
export interface Allocation {
  readonly attemptId: string
  readonly jobId: string
  readonly jobName: string
  readonly project: string | null
  readonly from: number
  readonly to: number | null
}

/** `intended`: not asked for yet. `asked`: may exist. `up`: exists. `releasing`, `released`. */
export type RentalPhase = 'intended' | 'asked' | 'up' | 'releasing' | 'released'

/** One machine as the fold over its journal. It is closed only by a receipt. */
export interface RentalRecord {
  readonly id: RentalId
  readonly phase: RentalPhase
  readonly offer: Offer
  readonly accountId: string
  readonly homeId: string
  readonly environment: Environment
  readonly diskGiB: number
  readonly endBy: number
  /** The budget that makes it end then; null when it is what was confirmed. */
  readonly endBecause: string | null
  /** A later end was refused: Sublet tries none by itself. */
  readonly endIsFinal: boolean
  readonly maxMicrosPerHour: Micros
  readonly estimateMicros: Micros
  readonly intendedAt: number
  /** The first call: from here on it may cost money. */
  readonly launchIssuedAt: number | null
  /** The last call, or when it failed: a late effect appears within the provider's window from here. */
  readonly lastLaunchIssuedAt: number | null
  /** A call was begun and its outcome is not known: the engine died in it, or gave it up. */
  readonly launchOpen: boolean
  readonly launchTries: number
  /** The provider refused the only call: nothing can appear late. */
  readonly neverLaunched: boolean
  readonly launchedAt: number | null
  readonly instanceId: string | null
  readonly billedFrom: number | null
  readonly gpuIndices: readonly number[] | null
  readonly ssh: z.infer<typeof sshTargetSchema> | null
  readonly reachableAt: number | null
  /** Which host key it is known by; null before the first contact. */
  readonly hostKey: HostKey | null
  readonly verdict: StopVerdict | null
  /** The `endBy` that the machine was told; another one has to be put on it yet. */
  readonly leasedUntil: number | null
  readonly facts: MachineFacts | null
  readonly allocations: readonly Allocation[]
  readonly warmUntil: number | null
  readonly egressBytes: number
  readonly releaseBecause: string | null
  /** When the release under way was first asked for. */
  readonly releasingSince: number | null
  readonly pendingSentence: string | null
  /** Why the last try to release it failed; null while the provider is at it. */
  readonly releaseFailure: ErrorCode | null
  readonly receipt: Receipt | null
  /**
   * When the machine itself was last confirmed gone, although something else of it (a disk, an
   * address) showed up again after that; null while that did not happen.
   */
  readonly machineGoneAt: number | null
  /** Receipts after which the machine showed up again, oldest first. */
  readonly earlierReceipts: readonly Receipt[]
}

/** The next record after an event. Pure; throws `internal` on what cannot happen. */
export function rentalTransition(
  rental: RentalRecord,
  event: RentalEvent,
  at: number,
): RentalRecord {
  if ((rental.phase === 'released') !== (event.kind === 'reappeared')) {
    throw impossible(rental, event)
  }
  switch (event.kind) {
    case 'intended':
      throw impossible(rental, event)
    case 'launch-issued':
      return {
        ...rental,
        phase: rental.phase === 'intended' ? 'asked' : rental.phase,
        launchIssuedAt: rental.launchIssuedAt ?? at,
        lastLaunchIssuedAt: at,
        launchOpen: true,
        launchTries: rental.launchTries + 1,
        neverLaunched: false,
      }
    case 'launched':
      return {
        ...rental,
        phase: rental.phase === 'releasing' ? 'releasing' : 'up',
        launchOpen: false,
        launchedAt: rental.launchedAt ?? at,
        instanceId: event.instanceId,
        billedFrom: event.billedFrom,
        gpuIndices: event.gpuIndices,
        verdict: rental.verdict ?? event.verdict ?? null,
      }
    case 'launch-refused':
      // An earlier call may still take effect; a first and only one was answered.
      return { ...rental, launchOpen: false, neverLaunched: rental.launchTries === 1 }
    case 'launch-unanswered':
      return { ...rental, launchOpen: false, lastLaunchIssuedAt: at }
    case 'reachable':
      return { ...rental, ssh: event.ssh, reachableAt: rental.reachableAt ?? at }
    case 'host-key': {
      const { kind: _, ...hostKey } = event
      return { ...rental, hostKey }
    }
    case 'leased':
      return {
        ...rental,
        verdict: event.verdict,
        leasedUntil: event.endBy ?? rental.endBy,
      }
    case 'probed':
      return { ...rental, facts: event.facts }
    case 'allocated': {
      const { kind: _, ...facts } = event
      const known = rental.allocations.some((one) => one.attemptId === event.attemptId)
      const added = known ? [] : [{ ...facts, from: at, to: null }]
      return { ...rental, warmUntil: null, allocations: [...rental.allocations, ...added] }
    }
    case 'freed':
      return {
        ...rental,
        allocations: rental.allocations.map((one) =>
          one.attemptId === event.attemptId && one.to === null ? { ...one, to: at } : one,
        ),
      }
    case 'lease-moved':
      return {
        ...rental,
        endBy: event.endBy,
        endBecause: event.because ?? null,
        endIsFinal: rental.endIsFinal || event.final === true,
      }
    case 'kept-warm':
      return { ...rental, warmUntil: event.until }
    case 'egress-measured':
      return { ...rental, egressBytes: rental.egressBytes + event.bytes }
    case 'release-intended':
      return {
        ...rental,
        phase: 'releasing',
        warmUntil: null,
        releaseBecause: rental.releaseBecause ?? event.because,
        releasingSince: rental.releasingSince ?? at,
      }
    case 'release-pending':
      return {
        ...rental,
        pendingSentence: event.sentence,
        releaseFailure: event.failure ?? null,
        instanceId: rental.instanceId ?? event.instanceId ?? null,
      }
    case 'released':
      return {
        ...rental,
        phase: 'released',
        receipt: event.receipt,
        pendingSentence: null,
        releaseFailure: null,
        allocations: rental.allocations.map((one) =>
          one.to === null ? { ...one, to: event.receipt.billedTo ?? at } : one,
        ),
      }
    case 'reappeared':
      return {
        ...rental,
        phase: 'releasing',
        instanceId: rental.instanceId ?? event.instanceId,
        releaseBecause: event.because,
        releasingSince: at,
        receipt: null,
        machineGoneAt: event.instanceId === null ? machineGone(rental) : null,
        earlierReceipts: receiptsOf(rental),
      }
    default:
      return assertNever(event)
  }
}

/** Whether a job may be put on it: up, warm, and serving nobody. */
export function isWarm(rental: RentalRecord, now: number): boolean {
  return (
    rental.phase === 'up' &&
    rental.warmUntil !== null &&
    rental.warmUntil > now &&
    rental.allocations.every((one) => one.to !== null)
  )
}

function impossible(rental: RentalRecord, event: RentalEvent): SubletError {
  return new SubletError(
    'internal',
    `${event.kind} cannot happen to ${rental.id} while ${rental.phase}.`,
  )
}
