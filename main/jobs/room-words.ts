import type { BudgetLimit } from '../../preload/contract/budget.ts'
import type { Offer } from '../../preload/contract/offer.ts'
import { budgetWithAmount, lastsUntilThen } from '../domain/budget-states.ts'
import { leastBudget, leastMs, type JobNeeds } from '../domain/budget.ts'
import { SubletError } from '../domain/errors.ts'
import { formatMicros, formatTime } from '../domain/format.ts'
import { micros } from '../domain/money.ts'
import type { Room } from './room.ts'

/** A launch that no budget carries, with the sum that is missing. */
function noRoom(
  { budget, leftMicros, committedMicros }: NonNullable<Room['limit']>,
  neededMicros: number,
): SubletError {
  const cent = 10_000
  const missingMicros = Math.max(cent, Math.ceil((neededMicros - leftMicros) / cent) * cent)
  const running =
    committedMicros > 0
      ? ` Jobs that run are expected to need ${formatMicros(committedMicros)} of it: stop one, or wait for its end.`
      : ''
  const when = budget.period === 'day' ? 'tomorrow' : 'next month'
  return new SubletError(
    'budget',
    `${sentenceCase(budgetWithAmount(budget))} has ${formatMicros(leftMicros)} left, ${formatMicros(missingMicros)} less than starting a machine, a minute's run and bringing the results home need.${running} Raise it with \`sublet budgets set\` or on the Spend page, or run the job ${when}.`,
    { details: { budgetId: budget.id, missingMicros, leftMicros } },
  )
}

/** The budget that ends a proposed job before its own limits do; null when none does. */
export function limitOf(room: Room, expectedMicros: number, now: number): BudgetLimit | null {
  if (room.limit === null) return null
  const { budget, leftMicros } = room.limit
  const name = sentenceCase(budgetWithAmount(budget))
  const isToday = budget.period === 'day'
  const missing = Math.max(0, expectedMicros - leftMicros)
  const until = formatTime(room.endBy, { near: now })
  const sentence =
    missing > 0
      ? `${name} has ${formatMicros(leftMicros)} left ${isToday ? 'today' : 'this month'}, ${formatMicros(missing)} less than the job is expected to cost: it is stopped in time for the end at ${until}, with its results brought home, unless money comes free before.`
      : `${name} carries this machine until ${until}.`
  return {
    budgetId: budget.id,
    endBy: room.endBy,
    missingMicros: micros(missing),
    sentence,
  }
}

/** A list of prices may be very long: where so many are not carried, the rest are not asked. */
const triedOffers = 100

/** The first so many offers that are carried, in order, the cheapest an hour tried last of all. */
export function carriedAmong(
  offers: readonly Offer[],
  isOneCarried: (offer: Offer) => boolean,
  count: number,
): Offer[] {
  const found: Offer[] = []
  for (const offer of offers.slice(0, triedOffers)) {
    if (found.length === count) return found
    if (isOneCarried(offer)) found.push(offer)
  }
  if (found.length > 0) return found
  const rest = offers.slice(triedOffers).toSorted((a, b) => a.microsPerHour - b.microsPerHour)
  const [cheapest] = rest
  return cheapest !== undefined && isOneCarried(cheapest) ? [cheapest] : []
}

/** Whether there is room for anything to run and come home. */
export function isCarried(room: Room, offer: Offer, needs: JobNeeds, now: number): boolean {
  return room.limit === null || room.endBy - now >= leastMs(offer, needs)
}

/** Why no machine can be rented: for an offer that is not carried. */
export function noMoney(room: Room, offer: Offer, needs: JobNeeds): SubletError {
  return room.limit === null
    ? new SubletError('budget', 'No budget carries another machine.')
    : noRoom(room.limit, leastBudget(offer, needs))
}

/** The sentence that says which budget makes a machine end then; null when none does. */
export function whyThen({ limit }: Room): string | null {
  return limit === null ? null : lastsUntilThen(limit.budget)
}

function sentenceCase(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
