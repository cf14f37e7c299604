import { lastAttempt, type JobRecord } from '../domain/job/record.ts'
import { budgetLeft, leaseEnd } from '../domain/budget.ts'
import type { Clock } from '../domain/clock.ts'
import { toWireError } from '../domain/errors.ts'
import type { Logger } from '../domain/logger.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import type { SharedRental } from '../domain/spend-share.ts'
import {
  committedEnd,
  endsInOrder,
  expectedEgress,
  holderOfMoney,
  sharedRental,
} from './budget-rentals.ts'
import type { BudgetRoom } from './budget-room.ts'
import type { CollectionNowDeps } from './collection.ts'
import { leaseMoved } from './lease-moved.ts'
import type { Books } from './ports.ts'
import { spentBefore } from './spent.ts'
import type { Wake } from './wake.ts'
import { billedFromOf } from './when-to-stop.ts'

export interface BreakerDeps extends CollectionNowDeps {
  readonly clock: Clock
  readonly wake: Wake
  readonly books: Books
  readonly room: BudgetRoom
  readonly log: Logger
}

/** Wakes the breaker: budgets were changed. */
export const budgetsChanged = 'budgets'
/** Traffic is counted and days begin without any event. */
const lookEveryRealMs = 5_000
/** Between two rounds, whatever happens: many machines at once must not make it a round for each event. */
const leastRestRealMs = 50
/** At most this part of the engine's time goes into rounds, however many machines there are. */
const mostShare = 0.2
/** A later end is worth telling the machine from here on. */
const worthMs = 60_000

/**
 * Keeps the ends of all machines inside what the budgets of jobs, days and months leave: sooner when
 * others use it up or the user lowers it, later (never beyond what was confirmed) when money comes
 * free. It journals the ends; the job's runner puts them on the machine.
 */
export class Breaker {
  readonly #deps: BreakerDeps

  constructor(deps: BreakerDeps) {
    this.#deps = deps
  }

  /** Watches until aborted. */
  start(signal: AbortSignal): void {
    const { journal, wake } = this.#deps
    const stopListening = journal.onChange(({ rentals }) => {
      if (rentals.size > 0) wake.notify(budgetsChanged)
    })
    signal.addEventListener('abort', stopListening)
    void this.#watch(signal)
  }

  /** Moves what has to be moved, once. */
  balance(): void {
    this.#move(this.#sooner())
    this.#move(this.#later())
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { clock, wake, log } = this.#deps
    while (!signal.aborted) {
      const beganRealMs = performance.now()
      try {
        this.balance()
      } catch (thrown) {
        log.error({ error: toWireError(thrown) }, 'The budgets could not be shared out')
      }
      const tookRealMs = performance.now() - beganRealMs
      const restRealMs = Math.max(leastRestRealMs, tookRealMs / mostShare - tookRealMs)
      // Begun before the rest: what happens meanwhile is one more round after it, and only one.
      const woken = wake
        .wait(budgetsChanged, clock.now() + lookEveryRealMs / clock.realMs(1), signal)
        .catch(() => undefined) // Aborted: the loop ends.
      await clock.sleep(restRealMs / clock.realMs(1), signal).catch(() => undefined) // Aborted.
      await woken
    }
  }

  /** Ends that the budgets do not carry any more. */
  #sooner(): Move[] {
    const { room } = this.#deps
    const rentals = room.rentals()
    const shared = rentals.map((rental) => {
      const now = this.#deps.clock.now()
      const most = rental.phase === 'releasing' ? now : Math.max(now, rental.endBy)
      return {
        ...sharedRental(rental, this.#deps, now),
        most,
        least: Math.min(most, this.#leastOf(rental, now)),
      }
    })
    return this.#moves(rentals, shared, (rental, endBy) => endBy < rental.endBy)
  }

  /** Money that came free, for jobs that run and would end before what was confirmed for them. */
  #later(): Move[] {
    const { room, clock } = this.#deps
    const now = clock.now()
    const rentals = room.rentals()
    const shared = rentals.map((rental) => {
      const least = committedEnd(rental, now)
      const confirmed = this.#confirmedEnd(rental)
      return {
        ...sharedRental(rental, this.#deps, now),
        least,
        most: Math.max(least, confirmed ?? least),
      }
    })
    return this.#moves(
      rentals,
      shared,
      (rental, endBy) =>
        this.#confirmedEnd(rental) !== null && endBy >= committedEnd(rental, now) + worthMs,
    )
  }

  #moves(
    rentals: readonly RentalRecord[],
    shared: readonly SharedRental[],
    isWorth: (rental: RentalRecord, endBy: number) => boolean,
  ): Move[] {
    const { room } = this.#deps
    const shares = room.shares(shared)
    return rentals.flatMap((rental) => {
      const share = shares.get(rental.id)
      if (share === undefined || rental.phase === 'releasing') return []
      if (!isWorth(rental, share.endBy)) return []
      return [{ rental, ...share }]
    })
  }

  #move(moves: readonly Move[]): void {
    const { journal, wake } = this.#deps
    if (moves.length === 0) return
    journal.append(
      ...moves.map(({ rental, endBy, because }) => ({
        rental: rental.id,
        event: leaseMoved(endBy, because),
      })),
    )
    for (const { rental } of moves) {
      const holder = holderOfMoney(rental)
      if (holder !== null) wake.notify(holder.jobId)
    }
  }

  /** The latest end that the user has confirmed and the job's own budget carries; null: stays. */
  #confirmedEnd(rental: RentalRecord): number | null {
    const job = this.#holder(rental)
    const attempt = job === null ? null : lastAttempt(job)
    if (job === null || attempt === null || attempt.rentalId !== rental.id) return null
    if (job.state !== 'running' || job.stop !== null || job.error !== null) return null
    if (rental.phase !== 'up' || rental.leasedUntil === null || rental.endIsFinal) return null
    const left = budgetLeft(job.spec.limits.budgetMicros, spentBefore(job, attempt.id, this.#deps))
    return leaseEnd(
      rental.offer,
      billedFromOf(attempt, rental),
      job.ceiling.endBy,
      left,
      expectedEgress(rental, this.#deps),
    )
  }

  #leastOf(rental: RentalRecord, now: number): number {
    const job = this.#holder(rental)
    return job === null ? now : endsInOrder(job, rental, this.#deps, now)
  }

  #holder(rental: RentalRecord): JobRecord | null {
    const holder = holderOfMoney(rental)
    return holder === null ? null : this.#deps.journal.job(holder.jobId)
  }
}

interface Move {
  readonly rental: RentalRecord
  readonly endBy: number
  readonly because: string | null
}
