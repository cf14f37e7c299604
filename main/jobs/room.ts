import type { Budget } from '../../preload/contract/budget.ts'
import type { Offer } from '../../preload/contract/offer.ts'

/** What wants to spend: a machine that is not there yet, or another end of one that is. */
export interface RoomWish {
  readonly offer: Offer
  readonly diskGiB: number
  readonly project: string | null
  readonly billedFrom: number
  readonly egressBytes: number
  /** The latest end that is wished for. */
  readonly most: number
  /** The machine whose end it is; null for a new one. */
  readonly rentalId: string | null
}

/** What the budgets that stop allow. */
export interface Room {
  /** At most `most`; before now where nothing is left. */
  readonly endBy: number
  /** The budget that allows no later end; null when none limits it. */
  readonly limit: {
    readonly budget: Budget
    readonly leftMicros: number
    /** What those that run keep of it in any case. */
    readonly committedMicros: number
  } | null
  /** Machines that end sooner to make that room; they are told before another one is rented. */
  readonly others: readonly {
    readonly rentalId: string
    readonly endBy: number
    readonly because: string | null
  }[]
}
