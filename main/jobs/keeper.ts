import type { RentalId } from '../../preload/contract/rental.ts'
import type { Clock } from '../domain/clock.ts'
import { toSubletError, toWireError } from '../domain/errors.ts'
import { isWarm, type RentalRecord } from '../domain/rental/record.ts'
import { Backoff } from './backoff.ts'
import type { Journal } from './journal/journal.ts'
import type { Logger } from '../domain/logger.ts'
import type { ErrorCode } from '../../preload/contract/errors.ts'
import type { Books, ProviderAccess, RentalMachines } from './ports.ts'
import { holderOf } from './rental-holder.ts'
import { rentalRef } from './rental-ref.ts'
import type { Wake } from './wake.ts'

export interface KeeperDeps {
  readonly clock: Clock
  readonly journal: Journal
  readonly wake: Wake
  readonly providers: ProviderAccess
  readonly machines: RentalMachines
  readonly books: Books
  readonly log: Logger
}

/** What a try to release said that did not end in a receipt. */
interface Unsettled {
  readonly sentence: string
  readonly failure?: ErrorCode
  readonly instanceId?: string | undefined
}

/** A provider's Retry-After is heeded up to here: a machine that may cost money is asked about. */
const longestPauseMs = 2 * 60_000

/**
 * Watches every rental without receipt until it has one: the client level of the lease, the end of
 * warm time, orphans, and the release itself, called again for ever. It releases only what this
 * home's journal knows.
 */
export class Keeper {
  readonly #deps: KeeperDeps
  readonly #watched = new Map<RentalId, Promise<void>>()

  constructor(deps: KeeperDeps) {
    this.#deps = deps
  }

  /** Takes up all open rentals, and each new one from then on, until aborted. */
  start(signal: AbortSignal): void {
    const stopListening = this.#deps.journal.onChange(({ rentals }) => {
      for (const id of rentals) this.#watch(id, signal)
    })
    signal.addEventListener('abort', stopListening)
    for (const rental of this.#deps.journal.openRentals()) this.#watch(rental.id, signal)
  }

  /** Resolves when every loop has ended, after the signal of `start` was aborted. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#watched.values())
  }

  #watch(id: RentalId, signal: AbortSignal): void {
    if (signal.aborted || this.#watched.has(id)) return
    if (this.#deps.journal.rental(id).phase === 'released') return
    // Begins after it is registered: its own first event must not start a second loop.
    const loop = Promise.resolve()
      .then(() => this.#untilReleased(id, signal))
      .catch(() => undefined) // Only the shutdown ends it before the receipt.
      .finally(() => {
        this.#watched.delete(id)
        // It may have come back after its receipt while this loop still wound up.
        this.#watch(id, signal)
      })
    this.#watched.set(id, loop)
  }

  /** Whatever breaks a loop (a full disk stops the journal), supervision begins again. */
  async #untilReleased(id: RentalId, signal: AbortSignal): Promise<void> {
    const backoff = new Backoff(this.#deps.clock, { firstMs: 1_000, maxMs: 60_000 })
    for (;;) {
      try {
        await this.#keep(id, signal)
        return
      } catch (thrown) {
        signal.throwIfAborted()
        this.#deps.log.error({ error: toWireError(thrown) }, `Keeping ${id} broke off`)
      }
      await backoff.wait(signal)
    }
  }

  async #keep(id: RentalId, signal: AbortSignal): Promise<void> {
    const { clock, journal, wake } = this.#deps
    for (;;) {
      const rental = journal.rental(id)
      if (rental.phase === 'released') return
      if (rental.phase === 'releasing') {
        await this.#release(id, signal)
        return
      }
      const because = this.#reasonToRelease(rental)
      if (because !== null) {
        journal.append({ rental: id, event: { kind: 'release-intended', because } })
        continue
      }
      const until = Math.min(rental.endBy, rental.warmUntil ?? rental.endBy)
      await wake.wait(id, until > clock.now() ? until : clock.now() + 1_000, signal)
    }
  }

  /** Null while somebody may use the rental. */
  #reasonToRelease(rental: RentalRecord): string | null {
    const now = this.#deps.clock.now()
    if (now >= rental.endBy) return 'The lease is over.'
    if (holderOf(this.#deps.journal, rental.id) !== null) return null
    if (isWarm(rental, now)) return null
    return rental.warmUntil === null ? 'No job needs it.' : 'Nobody used it while it was warm.'
  }

  async #release(id: RentalId, signal: AbortSignal): Promise<void> {
    const { clock, journal, machines, books, providers, log } = this.#deps
    const backoff = new Backoff(clock, { firstMs: 500, maxMs: 60_000 })
    machines.drop(id)
    for (;;) {
      const rental = journal.rental(id)
      let atLeastMs = 0
      try {
        const session = await providers.session(rental.accountId)
        const outcome = await session.release(rentalRef(rental), signal)
        if (outcome.kind === 'receipt') {
          const { receipt } = outcome
          // Together: booked and still open, its money would count twice until the next receipt.
          journal.appendWith(() => books.settle({ ...rental, phase: 'released', receipt }), {
            rental: id,
            event: { kind: 'released', receipt },
          })
          await machines.forget(id)
          return
        }
        this.#pending(rental, { sentence: outcome.message, instanceId: outcome.instanceId })
        await clock.sleep(outcome.pollAfterMs, signal)
        continue
      } catch (thrown) {
        if (signal.aborted) throw thrown
        const error = toSubletError(thrown)
        log.warn({ error: toWireError(error) }, `Releasing ${id} failed; trying again`)
        this.#pending(rental, { sentence: error.message, failure: error.code })
        atLeastMs = Math.min(error.extras.retryAfterMs ?? 0, longestPauseMs)
      }
      await backoff.wait(signal, atLeastMs)
    }
  }

  #pending(rental: RentalRecord, { sentence, failure, instanceId }: Unsettled): void {
    const found = rental.instanceId === null ? instanceId : undefined
    const saysNothing =
      rental.pendingSentence === sentence && rental.releaseFailure === (failure ?? null)
    if (saysNothing && found === undefined) return
    this.#deps.journal.append({
      rental: rental.id,
      event: {
        kind: 'release-pending',
        sentence,
        ...(failure === undefined ? {} : { failure }),
        ...(found === undefined ? {} : { instanceId: found }),
      },
    })
  }
}
