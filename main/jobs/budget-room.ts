import type { Budget, BudgetState } from '../../preload/contract/budget.ts'
import type { Offer } from '../../preload/contract/offer.ts'
import { budgetState, budgetWithAmount, countsTowards } from '../domain/budget-states.ts'
import { periodBounds, periodsUntil } from '../domain/budget-periods.ts'
import type { Clock } from '../domain/clock.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import type { ReportingZone } from '../domain/reporting-day.ts'
import {
  committedWithin,
  costWithin,
  shareOut,
  type Share,
  type SharedBudget,
  type SharedRental,
} from '../domain/spend-share.ts'
import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import type { LedgerQuery } from '../ledger/filter.ts'
import { committedEnd, holderOfMoney, sharedRental } from './budget-rentals.ts'
import type { Journal } from './journal/journal.ts'

export interface BudgetRoomDeps {
  readonly clock: Clock
  readonly journal: Journal
  readonly budgets: () => readonly Budget[]
  /** What closed rentals have cost. */
  readonly closedMicros: (query: LedgerQuery) => number
  /** What an open rental would be booked as now. */
  readonly entries: (rental: RentalRecord) => readonly LedgerEntry[]
  readonly zone: () => ReportingZone
}

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
    readonly committedMicros: number
  } | null
}

/** The budgets of days and months, as jobs ask them. */
export type SpendRoom = Pick<BudgetRoom, 'carries' | 'tightest'>

/** Budgets of a day are reckoned so far ahead; later ends come as time goes by. */
const horizonMs = 40 * 86_400_000

/** What the budgets of days and months leave, with all that machines which run may still spend. */
export class BudgetRoom {
  readonly #deps: BudgetRoomDeps

  constructor(deps: BudgetRoomDeps) {
    this.#deps = deps
  }

  /** Every budget against its period. */
  states(): BudgetState[] {
    const { clock } = this.#deps
    const now = clock.now()
    const rentals = this.rentals()
    return this.#deps.budgets().map((budget) => {
      const bounds = periodBounds(this.#deps.zone(), budget.period, now)
      const spent = this.#closed(budget, bounds) + this.#accrued(budget, bounds, rentals)
      const shared = this.#shared(budget, rentals, now, now)
      const all = committedWithin(
        rentals.map((rental) => sharedRental(rental, now)),
        ({ id }) => this.#endOf(rentals, id),
        shared,
        bounds,
      )
      const most = this.#spentByOthers(budget, bounds, rentals) + all
      return budgetState(budget, {
        ...bounds,
        spentMicros: spent,
        committedMicros: Math.max(0, most - spent),
      })
    })
  }

  /** Until when the budgets carry a machine beside all those that run, each up to its own end. */
  carries(wish: RoomWish): Room {
    const now = this.#deps.clock.now()
    const stops = this.#stops().filter((budget) =>
      countsTowards(budget.scope, { ...wish.offer, project: wish.project }),
    )
    if (stops.length === 0) return { endBy: wish.most, limit: null }
    const others = this.rentals().filter(({ id }) => id !== wish.rentalId)
    const id = wish.rentalId ?? 'wished'
    const most = Math.min(wish.most, now + horizonMs)
    const wished: SharedRental = {
      id,
      offer: { ...wish.offer, diskGiB: wish.diskGiB },
      billedFrom: wish.billedFrom,
      egressBytes: wish.egressBytes,
      least: Math.min(now, most),
      most,
    }
    const shared = stops.map((budget) => {
      const base = this.#shared(budget, others, now, most)
      const own = new Map([...base.countsFrom, [id, wish.billedFrom] as const])
      return { ...base, countsFrom: own }
    })
    const fixed = others.map((rental) => {
      const end = committedEnd(rental, now)
      return { ...sharedRental(rental, now), least: end, most: end }
    })
    const share = shareOut([...fixed, wished], shared).get(id)
    const endBy = share?.endBy ?? most
    const limiting = stops.find((budget) => budget.id === share?.budgetId)
    const full = shared.find((one) => one.id === limiting?.id)
    if (limiting === undefined || full === undefined) return { endBy, limit: null }
    const period = full.periods[0]
    const committedMicros =
      period === undefined ? 0 : committedWithin(fixed, ({ most: end }) => end, full, period)
    const leftMicros = Math.max(0, (period?.micros ?? 0) - committedMicros)
    // Where not even a machine that goes at once is paid for, there is no room at all.
    const none =
      period !== undefined && costWithin(wished, now, wish.billedFrom, period) > leftMicros
    return {
      endBy: none ? Math.min(endBy, now - 1) : endBy,
      limit: { budget: limiting, leftMicros, committedMicros },
    }
  }

  /** How the machines share what there is, each between the `least` and `most` that is given. */
  shares(rentals: readonly SharedRental[]): ReadonlyMap<string, Share> {
    const now = this.#deps.clock.now()
    const records = this.rentals()
    const until = Math.max(now, ...rentals.map(({ most }) => Math.min(most, now + horizonMs)))
    const budgets = this.#stops().map((budget) => this.#shared(budget, records, now, until))
    const limited = new Set(budgets.flatMap(({ countsFrom }) => [...countsFrom.keys()]))
    return shareOut(
      rentals.map((rental) =>
        limited.has(rental.id)
          ? { ...rental, most: Math.max(rental.least, Math.min(rental.most, now + horizonMs)) }
          : rental,
      ),
      budgets,
    )
  }

  /** Of the budgets that may stop such spending, the one with the least left; null without any. */
  tightest(spending: Parameters<typeof countsTowards>[1]): BudgetState | null {
    const stops = this.states().filter(
      ({ budget }) => budget.action === 'stop' && countsTowards(budget.scope, spending),
    )
    return stops.sort((a, b) => a.leftMicros - b.leftMicros)[0] ?? null
  }

  /** The machines that cost money, or may. */
  rentals(): readonly RentalRecord[] {
    return this.#deps.journal.openRentals().filter((rental) => !rental.neverLaunched)
  }

  /** Which budget it is, in words; null when it was removed. */
  named(budgetId: string): string | null {
    const budget = this.#deps.budgets().find(({ id }) => id === budgetId)
    return budget === undefined ? null : budgetWithAmount(budget)
  }

  #stops(): Budget[] {
    return this.#deps.budgets().filter(({ action }) => action === 'stop')
  }

  #shared(
    budget: Budget,
    rentals: readonly RentalRecord[],
    now: number,
    until: number,
  ): SharedBudget {
    const zone = this.#deps.zone()
    const bounds = periodBounds(zone, budget.period, now)
    const spent = this.#spentByOthers(budget, bounds, rentals)
    const countsFrom = new Map<string, number>()
    for (const rental of rentals) {
      const holder = holderOfMoney(rental)
      if (!countsTowards(budget.scope, { ...rental.offer, project: holder?.project ?? null })) {
        continue
      }
      const isTakenOver = rental.allocations.length > 1
      const own = budget.scope.kind === 'project' && isTakenOver ? (holder?.from ?? 0) : 0
      countsFrom.set(rental.id, own)
    }
    return {
      id: budget.id,
      periods: periodsUntil(zone, budget, spent, now, until),
      countsFrom,
    }
  }

  /** What is spent of a budget but for the machines that `#shared` reckons up to their ends. */
  #spentByOthers(
    budget: Budget,
    bounds: { readonly from: number; readonly to: number },
    rentals: readonly RentalRecord[],
  ): number {
    const closed = this.#closed(budget, bounds)
    const { scope } = budget
    if (scope.kind !== 'project') return closed
    // Earlier jobs of this project on a machine that another job has now, or nobody.
    return rentals.reduce((sum, rental) => {
      const holder = holderOfMoney(rental)
      return this.#entriesIn(budget, bounds, rental)
        .filter(({ jobId }) => holder?.project !== scope.project || jobId !== holder.jobId)
        .reduce((all, { micros }) => all + micros, sum)
    }, closed)
  }

  #accrued(
    budget: Budget,
    bounds: { readonly from: number; readonly to: number },
    rentals: readonly RentalRecord[],
  ): number {
    return rentals
      .flatMap((rental) => this.#entriesIn(budget, bounds, rental))
      .reduce((sum, { micros }) => sum + micros, 0)
  }

  #entriesIn(
    budget: Budget,
    { from, to }: { readonly from: number; readonly to: number },
    rental: RentalRecord,
  ): LedgerEntry[] {
    return this.#deps
      .entries(rental)
      .filter(
        (entry) => entry.from >= from && entry.from < to && countsTowards(budget.scope, entry),
      )
  }

  #closed({ scope }: Budget, bounds: { readonly from: number; readonly to: number }): number {
    switch (scope.kind) {
      case 'all':
        return this.#deps.closedMicros({ ...bounds, simulated: false })
      case 'project':
        return this.#deps.closedMicros({ ...bounds, simulated: false, project: scope.project })
      case 'provider':
        return this.#deps.closedMicros({ ...bounds, providerId: scope.providerId })
    }
  }

  #endOf(rentals: readonly RentalRecord[], id: string): number {
    const now = this.#deps.clock.now()
    const rental = rentals.find((one) => one.id === id)
    return rental === undefined ? now : committedEnd(rental, now)
  }
}
