import type { Micros } from '../../../preload/contract/money.ts'
import { micros } from '../../domain/money.ts'

const microsPerDollar = 1_000_000
/** How Vast.ai turns storage prices by the month into hours (its answers: 10 GB × 0.15 / 720). */
const hoursPerMonth = 720
/** Whether its GB are 10^9 or 2^30 bytes is not documented: this is the dearer answer. */
const gbPerGib = 2 ** 30 / 1e9

/** US dollars of an answer, rounded to the micro-dollar. */
export const dollars = (amount: number): Micros => micros(Math.round(amount * microsPerDollar))

/** US dollars a GB as micro-dollars a GiB. */
export const perGib = (dollarsPerGb: number): Micros => dollars(dollarsPerGb * gbPerGib)

/** US dollars a GB and month as micro-dollars a GiB and hour. */
export const perGibHour = (dollarsPerGbMonth: number): Micros =>
  dollars((dollarsPerGbMonth * gbPerGib) / hoursPerMonth)

/** The GB to ask for, so that so many GiB are there under both answers. */
export const gbFor = (gib: number): number => Math.ceil(gib * gbPerGib)

/** The GiB that so many GB hold at least. */
export const gibIn = (gb: number): number => Math.floor(gb / gbPerGib)

/** The least bid of an ask, rounded up so that it is enough; null where it takes none. */
export const bidFor = ({ min_bid: bid }: { readonly min_bid?: number | null | undefined }) =>
  bid ? micros(Math.ceil(Number((bid * microsPerDollar).toFixed(3)))) : null

/** Micro-dollars as the API takes them. */
export const inDollars = (amount: number): number => amount / microsPerDollar
