import type { Offer } from '../../preload/contract/offer.ts'
import { allInMicrosPerHour, billedMs, egressFor } from './billing.ts'
import { releaseMs } from './budget.ts'
import { microsForMs } from './money.ts'

/** A machine that costs money, as budgets see it. */
export interface SharedRental {
  readonly id: string
  readonly offer: Pick<Offer, 'microsPerHour' | 'billing' | 'diskGiB'>
  /** When its meter began, or may begin at the earliest. */
  readonly billedFrom: number
  /** What it sends out is paid for, and in which period is not known. */
  readonly egressBytes: number
  /** It is not ended before this, whatever the budgets say. */
  readonly least: number
  /** It does not run longer than this, whatever the budgets leave. At least `least`. */
  readonly most: number
}

export interface Period {
  readonly from: number
  readonly to: number
  /** What the shared machines may cost in it, all together. */
  readonly micros: number
}

/** A budget that stops: its periods follow one another from the one under way on. */
export interface SharedBudget {
  readonly id: string
  readonly periods: readonly Period[]
  /** From when a machine counts towards it, by its id; absent when it does not. */
  readonly countsFrom: ReadonlyMap<string, number>
}

export interface Share {
  /** When the machine must have been ordered to go. */
  readonly endBy: number
  /** The budget that allows no later end; null when `most` does. */
  readonly budgetId: string | null
}

/** The cost's parts are rounded one by one. */
const roundingMicros = 3

/**
 * The most that a machine which is ordered to go at `endBy` can cost within [from, to), from when
 * it counts on: the release itself, the provider's rounding and traffic included. Never falls with
 * a later end. Where a bill crosses a period's edge, its rounding may fall on either side, so that
 * it is reckoned on both.
 */
export function costWithin(
  rental: SharedRental,
  endBy: number,
  countsFrom: number,
  { from, to }: Pick<Period, 'from' | 'to'>,
): number {
  const { billing } = rental.offer
  const until = Math.max(rental.billedFrom, endBy + releaseMs)
  const whole = billedMs(billing, rental.billedFrom, until)
  const begin = Math.max(rental.billedFrom, countsFrom, from)
  const lived = Math.min(until, to) - begin
  if (lived <= 0 && begin > rental.billedFrom) return 0
  if (rental.billedFrom >= to) return 0
  const rounding = Math.max(billing.incrementMs, billing.minimumMs)
  const billed = Math.min(whole, Math.max(0, lived) + rounding)
  return (
    microsForMs(allInMicrosPerHour(rental.offer), billed) +
    egressFor(billing, rental.egressBytes) +
    roundingMicros
  )
}

/** What the shared machines cost at most in one of a budget's periods, each ended at `endOf`. */
export function committedWithin(
  rentals: readonly SharedRental[],
  endOf: (rental: SharedRental) => number,
  budget: Pick<SharedBudget, 'countsFrom'>,
  period: Pick<Period, 'from' | 'to'>,
): number {
  return rentals.reduce((sum, rental) => {
    const countsFrom = budget.countsFrom.get(rental.id)
    return countsFrom === undefined
      ? sum
      : sum + costWithin(rental, endOf(rental), countsFrom, period)
  }, 0)
}

/**
 * Until when each machine may run, so that no budget is passed in any period by all of them
 * together. Who shares a budget shares its time: all end at the same moment, each paying by its own
 * price, but for those that end before by other limits, whose money goes to the rest. Where a
 * budget does not even carry everybody's `least`, they end then.
 */
export function shareOut(
  rentals: readonly SharedRental[],
  budgets: readonly SharedBudget[],
): ReadonlyMap<string, Share> {
  const shares = new Map<string, Share>()
  let open = [...rentals]
  while (open.length > 0) {
    const first = Math.min(...open.map((rental) => rental.least))
    const last = Math.max(...open.map((rental) => rental.most))
    const passed = (at: number): readonly SharedBudget[] =>
      budgets.filter((budget) => isPassed(budget, rentals, (rental) => endAt(rental, at)))
    const endAt = (rental: SharedRental, at: number): number =>
      shares.get(rental.id)?.endBy ?? Math.max(rental.least, Math.min(at, rental.most))
    const still = open
    const concerns = (found: readonly SharedBudget[]): readonly SharedBudget[] =>
      found.filter((budget) => still.some((rental) => budget.countsFrom.has(rental.id)))
    if (concerns(passed(last)).length === 0) {
      for (const rental of open) shares.set(rental.id, { endBy: rental.most, budgetId: null })
      return shares
    }
    let at = first
    let full = concerns(passed(first))
    if (full.length === 0) {
      let beyond = last
      while (beyond - at > 1) {
        const middle = Math.floor((at + beyond) / 2)
        if (concerns(passed(middle)).length === 0) at = middle
        else beyond = middle
      }
      full = concerns(passed(beyond))
    }
    for (const rental of still) {
      const budget = full.find((one) => one.countsFrom.has(rental.id))
      if (budget === undefined) continue
      const endBy = endAt(rental, at)
      shares.set(rental.id, { endBy, budgetId: endBy < rental.most ? budget.id : null })
    }
    open = still.filter((rental) => !shares.has(rental.id))
  }
  return shares
}

function isPassed(
  budget: SharedBudget,
  rentals: readonly SharedRental[],
  endOf: (rental: SharedRental) => number,
): boolean {
  return budget.periods.some(
    (period) => committedWithin(rentals, endOf, budget, period) > period.micros,
  )
}
