import type { Micros } from '../../preload/contract/money.ts'
import type { BillableSum } from '../../preload/contract/radar.ts'
import { micros, sumMicros } from './money.ts'

/** A month of billing: 365 days of 24 hours by 12, as providers quote it. */
export const hoursPerMonth = 730

/** What a price per hour comes to in a month; null where it is not known, which is not zero. */
export function microsPerMonth(microsPerHour: Micros | null): Micros | null {
  return microsPerHour === null ? null : micros(microsPerHour * hoursPerMonth)
}

/** Adds up what is known, and counts what is not. */
export function sumBillables(
  billables: readonly { readonly microsPerHour: Micros | null }[],
): BillableSum {
  const priced = billables.flatMap(({ microsPerHour }) => microsPerHour ?? [])
  const perHour = sumMicros(priced)
  return {
    count: billables.length,
    microsPerHour: perHour,
    microsPerMonth: micros(perHour * hoursPerMonth),
    unpriced: billables.length - priced.length,
  }
}
