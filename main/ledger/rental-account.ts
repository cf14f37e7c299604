import type { Offer } from '../../preload/contract/offer.ts'
import type { Receipt, RentalId } from '../../preload/contract/rental.ts'

/** Who used a rental, from when to when; `to` null while it lasts. */
export interface AccountAllocation {
  readonly jobId: string
  readonly jobName: string
  readonly project: string | null
  readonly from: number
  readonly to: number | null
}

/** When a job's own program ran on a rental; `to` null while it does. */
export interface UsefulSpan {
  readonly jobId: string
  readonly from: number
  readonly to: number | null
}

/** All that the meter needs to know of one rental. Times are engine time, epoch ms. */
export interface RentalAccount {
  readonly rentalId: RentalId
  readonly providerId: string
  readonly accountId: string
  readonly offer: Offer
  /** When the launch was accepted. */
  readonly launchedAt: number
  /** When we saw that it was gone; null while it may live. */
  readonly goneAt: number | null
  readonly receipt: Receipt | null
  /** When the machine went, where only its disk or address lasted until `goneAt`. */
  readonly machineGoneAt?: number | null
  readonly allocations: readonly AccountAllocation[]
  readonly egressBytes: number
  /** Absent where nobody counted it. */
  readonly useful?: readonly UsefulSpan[]
  /** What finishing was expected to cost, as confirmed at launch. */
  readonly estimateMicros: number | null
  /** When the provider's meter started, where `launch` or `describe` said so. */
  readonly billedFrom?: number | null
  /** The disk that was rented, where it differs from the offer's. */
  readonly diskGiB?: number
}
