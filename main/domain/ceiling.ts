import type { JobSpec } from '../../preload/contract/job-spec.ts'
import type { Ceiling } from '../../preload/contract/ceiling.ts'
import type { Offer } from '../../preload/contract/offer.ts'
import { cost } from './billing.ts'
import { fitsBudget, lastingMs, leastBudget, leastMs, releaseMs } from './budget.ts'
import type { JobNeeds } from './budget.ts'
import { SubletError } from './errors.ts'
import { formatMicros } from './format.ts'
import { micros } from './money.ts'

export interface CeilingInput extends JobNeeds {
  readonly limits: JobSpec['limits']
  /** Those that fit, best first. */
  readonly offers: readonly Offer[]
  readonly now: number
}

/** Without a duration and without a budget, a rental ends after this. */
export const defaultLeaseMs = 24 * 3_600_000
/** Without a price limit, the first few offers up to so much dearer are failed over to silently. */
const failoverFactor = 1.5
const failoverOffers = 5

/**
 * What launch confirms. The hourly price is the user's limit, else the dearest of the first offers
 * near the best one's; lower where the budget would not last at that price. `endBy` is the earlier
 * of: the maximum duration with start, grace, collection and hold; the time by which the budget is
 * spent on the machine inside the ceiling on which it lasts longest. A dearer machine gets an end
 * of its own that the budget carries (`leaseEnd`). 24 h when neither is given. Fails with `budget`, naming the least that
 * would do, and with `no-offer` without offers.
 */
export function ceilingFor(input: CeilingInput): Ceiling {
  const { limits, now } = input
  const { microsPerHour, within } = hourlyCeiling(input, affordable(input))
  const ends = [
    ...(limits.maxDurationMs === null ? [] : [durationMs(input, limits.maxDurationMs, within)]),
    ...(limits.budgetMicros === null ? [] : [longestMs(input, within)]),
  ]
  const lastsMs = ends.length === 0 ? defaultLeaseMs : Math.min(...ends)
  const most = within.map((offer) => billAfter(input, at(offer, microsPerHour), lastsMs))
  return {
    microsPerHour: micros(microsPerHour),
    micros: micros(limits.budgetMicros ?? Math.max(0, ...most)),
    endBy: Math.floor(now + lastsMs),
  }
}

interface HourlyCeiling {
  readonly microsPerHour: number
  /** The offers that it allows. */
  readonly within: readonly Offer[]
}

function affordable(input: CeilingInput): readonly [Offer, ...Offer[]] {
  const { offers, limits } = input
  const [best, ...others] = offers
  if (best === undefined) {
    throw new SubletError('no-offer', 'No offer fits: relax what the job asks for.')
  }
  const budget = limits.budgetMicros
  if (budget === null) return [best, ...others]
  const [first, ...rest] = offers.filter((offer) => fitsBudget(offer, budget, input))
  if (first !== undefined) return [first, ...rest]
  const enough = offers.reduce((a, one) => Math.min(a, leastBudget(one, input)), Infinity)
  const named = formatUp(enough)
  throw new SubletError(
    'budget',
    `The budget of ${formatMicros(budget)} does not cover starting a machine, a minute's run and bringing the results home: give --budget ${named.slice(1)} or more.`,
    { details: { leastMicros: enough } },
  )
}

function hourlyCeiling(input: CeilingInput, offers: readonly [Offer, ...Offer[]]): HourlyCeiling {
  const { maxMicrosPerHour: limit, budgetMicros } = input.limits
  const [best] = offers
  const near = offers
    .slice(0, failoverOffers)
    .map((offer) => offer.microsPerHour)
    .filter((price) => price <= best.microsPerHour * failoverFactor)
  const prices = [...(limit === null ? [] : [limit]), Math.max(best.microsPerHour, ...near)]
  for (const price of prices) {
    const microsPerHour = Math.min(price, limit ?? price)
    const within = offers.filter((offer) => offer.microsPerHour <= microsPerHour)
    if (within.length === 0) continue
    if (budgetMicros === null) return { microsPerHour, within }
    const needed = Math.max(...within.map((offer) => leastMs(offer, input)))
    if (budgetMs(input, microsPerHour, within) >= needed) return { microsPerHour, within }
  }
  return { microsPerHour: best.microsPerHour, within: [best] }
}

function budgetMs(input: CeilingInput, microsPerHour: number, within: readonly Offer[]): number {
  const budget = input.limits.budgetMicros ?? 0
  const egress = input.downloadBytesGuess
  return within.reduce(
    (least, offer) => Math.min(least, lastingMs(at(offer, microsPerHour), budget, egress)),
    Infinity,
  )
}

/** On the machine that makes the most of the budget. */
function longestMs(input: CeilingInput, within: readonly Offer[]): number {
  const budget = input.limits.budgetMicros ?? 0
  return Math.max(0, ...within.map((offer) => lastingMs(offer, budget, input.downloadBytesGuess)))
}

function durationMs(input: CeilingInput, maxDurationMs: number, within: readonly Offer[]): number {
  const { limits, stagingMs, collectMs } = input
  const boots = within.slice(0, failoverOffers).map((offer) => offer.expectedBootMs)
  const startMs = Math.max(0, ...boots) + stagingMs
  return startMs + maxDurationMs + limits.graceMs + collectMs + limits.afterExitMs
}

function billAfter(input: CeilingInput, offer: Offer, ms: number): number {
  const { billing, microsPerHour, diskGiB } = offer
  const until = ms + releaseMs
  return cost(billing, microsPerHour, diskGiB, input.downloadBytesGuess, 0, until).totalMicros
}

function at(offer: Offer, microsPerHour: number): Offer {
  return { ...offer, microsPerHour: micros(microsPerHour) }
}

/** Rounded up to the cent, so that the amount named is enough. */
function formatUp(amount: number): string {
  return formatMicros(Math.ceil(amount / 10_000) * 10_000)
}
