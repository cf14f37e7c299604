import type { Budget, BudgetState } from '../../preload/contract/budget.ts'
import { budgetState, countsTowards, lastsUntilThen } from '../domain/budget-states.ts'
import { periodBounds } from '../domain/budget-periods.ts'
import type { Clock } from '../domain/clock.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import { committedWithin, costWithin, shareOut, type SharedRental } from '../domain/spend-share.ts'
import {
  committedEnd,
  countsToProjectFrom,
  holderOfMoney,
  keepsUntil,
  sharedRental,
} from './budget-rentals.ts'
import type { Room, RoomWish } from './room.ts'
import { BudgetSpending, type SpendingDeps } from './budget-spending.ts'
import type { CollectionNowDeps } from './collection.ts'

export interface BudgetRoomDeps extends SpendingDeps, CollectionNowDeps {
  readonly clock: Clock
  readonly budgets: () => readonly Budget[]
}

/** The budgets of days and months, as jobs ask them. */
export type SpendRoom = Pick<BudgetRoom, 'carries' | 'isKept' | 'tightest'>

/** An end, and the budget that allows no later one, in words; null when none limits it. */
export interface NamedShare {
  readonly endBy: number
  readonly because: string | null
}

/** Budgets of a day are reckoned so far ahead; later ends come as time goes by. */
const horizonMs = 40 * 86_400_000

/** What the budgets of days and months leave, with all that machines which run may still spend. */
export class BudgetRoom {
  readonly #deps: BudgetRoomDeps
  readonly #spending: BudgetSpending

  constructor(deps: BudgetRoomDeps) {
    this.#deps = deps
    this.#spending = new BudgetSpending(deps)
  }

  /** Every budget against its period. */
  states(): BudgetState[] {
    const { clock } = this.#deps
    const now = clock.now()
    const rentals = this.rentals()
    return this.#deps.budgets().map((budget) => {
      const bounds = periodBounds(this.#deps.zone(), budget.period, now)
      const spent =
        this.#spending.closed(budget, bounds) + this.#spending.accrued(budget, bounds, rentals)
      const shared = this.#spending.shared(budget, rentals, now, now)
      const all = committedWithin(
        rentals.map((rental) => sharedRental(rental, this.#deps, now)),
        ({ id }) => this.#endOf(rentals, id),
        shared,
        bounds,
      )
      const most = this.#spending.spentByOthers(budget, bounds, rentals) + all
      return budgetState(budget, {
        ...bounds,
        spentMicros: spent,
        committedMicros: Math.max(0, most - spent),
      })
    })
  }

  /**
   * Until when the budgets carry a machine beside those that run. With a new one these share: each
   * keeps its expected time, and ends sooner where that makes room (`others`). A later end of one
   * that is there takes nothing from the rest.
   */
  carries(wish: RoomWish): Room {
    const now = this.#deps.clock.now()
    const budgets = this.#stops()
    const stops = budgets.filter((budget) =>
      countsTowards(budget.scope, { ...wish.offer, project: wish.project }),
    )
    if (stops.length === 0) return { endBy: wish.most, limit: null, others: [] }
    const all = this.rentals()
    const own = all.find(({ id }) => id === wish.rentalId)
    const records = all.filter((rental) => rental !== own)
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
    const others = records.map((rental) => {
      const end = committedEnd(rental, now)
      const least = wish.rentalId === null ? this.#keeps(rental, end) : end
      return { ...sharedRental(rental, this.#deps, now), least, most: end }
    })
    const until = Math.max(most, ...others.map((rental) => rental.most))
    const shared = budgets.map((budget) => {
      const base = this.#spending.shared(budget, all, now, until)
      const countsFrom = new Map(base.countsFrom)
      countsFrom.delete(id)
      const isProjects = budget.scope.kind === 'project' && own !== undefined
      const from = isProjects ? countsToProjectFrom(own, now) : 0
      if (stops.includes(budget)) countsFrom.set(id, from)
      return { ...base, countsFrom }
    })
    const shares = shareOut([...others, wished], shared)
    const share = shares.get(id)
    const endBy = share?.endBy ?? most
    const moved = records.flatMap((rental) => {
      const found = shares.get(rental.id)
      if (found === undefined || rental.phase === 'releasing' || found.endBy >= rental.endBy) {
        return []
      }
      return [{ rentalId: rental.id, endBy: found.endBy, because: this.#because(found.budgetId) }]
    })
    const limiting = stops.find((budget) => budget.id === share?.budgetId)
    const full = shared.find((one) => one.id === limiting?.id)
    const period = full?.periods[0]
    if (limiting === undefined || full === undefined || period === undefined) {
      return { endBy, limit: null, others: moved }
    }
    const committedMicros = committedWithin(others, ({ least }) => least, full, period)
    const leftMicros = Math.max(0, period.micros - committedMicros)
    // Where not even a machine that goes at once is paid for, there is no room at all.
    const none =
      costWithin(wished, now, full.countsFrom.get(id) ?? 0, period) > leftMicros ||
      (endBy <= now && most > now)
    return {
      endBy: none ? Math.min(endBy, now - 1) : endBy,
      limit: { budget: limiting, leftMicros, committedMicros },
      others: none ? [] : moved,
    }
  }

  /** Whether the budgets of a machine are kept by all together, each up to the latest end that it was told. */
  isKept(rentalId: string): boolean {
    const now = this.#deps.clock.now()
    const records = this.rentals()
    const rentals = records.map((rental) => sharedRental(rental, this.#deps, now))
    return this.#stops().every((budget) => {
      const until = Math.max(now, ...rentals.map(({ most }) => Math.min(most, now + horizonMs)))
      const shared = this.#spending.shared(budget, records, now, until)
      return (
        !shared.countsFrom.has(rentalId) ||
        shared.periods.every(
          (period) => committedWithin(rentals, ({ most }) => most, shared, period) <= period.micros,
        )
      )
    })
  }

  /** How the machines share what there is, each between the `least` and `most` that is given. */
  shares(rentals: readonly SharedRental[]): ReadonlyMap<string, NamedShare> {
    const now = this.#deps.clock.now()
    const records = this.rentals()
    const until = Math.max(now, ...rentals.map(({ most }) => Math.min(most, now + horizonMs)))
    const budgets = this.#stops().map((budget) =>
      this.#spending.shared(budget, records, now, until),
    )
    const limited = new Set(budgets.flatMap(({ countsFrom }) => [...countsFrom.keys()]))
    const shares = shareOut(
      rentals.map((rental) =>
        limited.has(rental.id)
          ? { ...rental, most: Math.max(rental.least, Math.min(rental.most, now + horizonMs)) }
          : rental,
      ),
      budgets,
    )
    return new Map(
      [...shares].map(([id, { endBy, budgetId }]) => [
        id,
        { endBy, because: this.#because(budgetId) },
      ]),
    )
  }

  /** Of the budgets that may stop such spending, the one with the least left; null without any. */
  tightest(spending: Parameters<typeof countsTowards>[1]): BudgetState | null {
    const stops = this.states().filter(
      ({ budget }) => budget.action === 'stop' && countsTowards(budget.scope, spending),
    )
    return stops.sort((a, b) => freeOf(a) - freeOf(b))[0] ?? null
  }

  /**
   * The machines that cost money, or may. One that came back after its receipt is in the books
   * already, so that it is none of them: what it costs since is booked with its next receipt.
   */
  rentals(): readonly RentalRecord[] {
    return this.#deps.journal
      .openRentals()
      .filter((rental) => !rental.neverLaunched && rental.earlierReceipts.length === 0)
  }

  #because(budgetId: string | null): string | null {
    const budget = this.#deps.budgets().find(({ id }) => id === budgetId)
    return budget === undefined ? null : lastsUntilThen(budget)
  }

  /** What a machine keeps when others want a share: its job's expected time, and an end in order. */
  #keeps(rental: RentalRecord, end: number): number {
    const now = this.#deps.clock.now()
    const holder = holderOfMoney(rental)
    if (holder === null || rental.phase === 'releasing') return now
    return Math.min(end, keepsUntil(this.#deps.journal.job(holder.jobId), rental, this.#deps, now))
  }

  #stops(): Budget[] {
    return this.#deps.budgets().filter(({ action }) => action === 'stop')
  }

  #endOf(rentals: readonly RentalRecord[], id: string): number {
    const now = this.#deps.clock.now()
    const rental = rentals.find((one) => one.id === id)
    return rental === undefined ? now : committedEnd(rental, now)
  }
}

function freeOf({ leftMicros, committedMicros }: BudgetState): number {
  return leftMicros - committedMicros
}
