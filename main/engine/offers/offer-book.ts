import type { OfferBookState } from '../../../preload/contract/offer-view.ts'
import type { Clock } from '../../domain/clock.ts'
import { toSubletError } from '../../domain/errors.ts'
import type { Logger } from '../../domain/logger.ts'
import { askSource } from '../../providers/gather-offers.ts'
import type { OfferSource, SourceAnswer } from '../../providers/gather-offers.ts'
import { OfferSnapshot } from './offer-snapshot.ts'
import { stateOf, takeAnswer, unread } from './source-reading.ts'
import type { BookAccount, SourceReading } from './source-reading.ts'

export interface OfferBookDeps {
  readonly clock: Clock
  readonly log: Logger
  /** The accounts that there are now. */
  readonly accounts: () => readonly BookAccount[]
  /** Opens an account's session; may reject (no key in the keychain). */
  readonly open: (accountId: string) => Promise<OfferSource['session']>
  /** How long one account may take, in physical milliseconds. */
  readonly timeoutMs?: number
}

/** From this age on prices are read again while somebody watches, and count as old. */
export const staleAfterMs = 5 * 60_000

/**
 * The offers of all accounts in memory: read side by side, a state a source, answered without
 * asking anybody. The revision rises only when an offer came, went or changed.
 */
export class OfferBook {
  readonly #deps: OfferBookDeps
  #readings: ReadonlyMap<string, SourceReading> = new Map()
  #revision = 0
  #snapshot: OfferSnapshot | null = null
  readonly #listeners = new Set<() => void>()

  constructor(deps: OfferBookDeps) {
    this.#deps = deps
  }

  state(): OfferBookState {
    const now = this.#deps.clock.now()
    const readings = [...this.#readings.values()]
    return {
      revision: this.#revision,
      total: readings.reduce((sum, { rows }) => sum + rows.length, 0),
      sources: readings.map((reading) => stateOf(reading, now, staleAfterMs)),
    }
  }

  /** The offers of the newest revision; made once a revision. */
  snapshot(): OfferSnapshot {
    if (this.#snapshot?.revision !== this.#revision) {
      const rows = [...this.#readings.values()].map((reading) => reading.rows)
      this.#snapshot = new OfferSnapshot(this.#revision, rows)
    }
    return this.#snapshot
  }

  /** Calls back after every change of the state; answers how to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Takes up new accounts, forgets removed ones, and reads every source that is due. */
  tend(): void {
    this.#followAccounts()
    const now = this.#deps.clock.now()
    for (const [accountId, { askedAt }] of this.#readings) {
      if (askedAt === null || now - askedAt > staleAfterMs) this.#read(accountId)
    }
  }

  /** Reads one source again, or all; one that is being read is left to it. */
  refresh(accountId?: string): void {
    this.#followAccounts()
    for (const id of accountId === undefined ? [...this.#readings.keys()] : [accountId]) {
      this.#read(id)
    }
  }

  #followAccounts(): void {
    const accounts = this.#deps.accounts()
    const kept = new Map(
      accounts.map((account) => {
        const known = this.#readings.get(account.accountId)
        return [account.accountId, known === undefined ? unread(account) : known] as const
      }),
    )
    const gone = [...this.#readings.values()].filter(({ account }) => !kept.has(account.accountId))
    const same = gone.length === 0 && kept.size === this.#readings.size
    this.#readings = kept
    if (!same) this.#changed(gone.some(({ rows }) => rows.length > 0))
  }

  #read(accountId: string): void {
    const reading = this.#readings.get(accountId)
    if (reading === undefined || reading.reading) return
    this.#put({ ...reading, reading: true, askedAt: this.#deps.clock.now() }, false)
    void this.#readAndTake(reading)
  }

  async #readAndTake(reading: SourceReading): Promise<void> {
    const answer = await this.#ask(reading)
    const before = this.#readings.get(reading.account.accountId)
    if (before === undefined) return // The account was removed meanwhile.
    const { reading: after, changed } = takeAnswer(before, answer, this.#deps.clock.now())
    this.#put(after, changed)
  }

  async #ask({ account }: SourceReading): Promise<SourceAnswer> {
    const { providerId, accountId } = account
    const { open, log, timeoutMs } = this.#deps
    try {
      const session = await open(accountId)
      return await askSource({ providerId, accountId, session }, {}, new AbortController().signal, {
        log: (message, facts = {}) => log.debug(facts, message),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      })
    } catch (error) {
      const sentence = toSubletError(error).message
      return { offers: [], report: { providerId, accountId, ok: false, sentence, dropped: 0 } }
    }
  }

  #put(reading: SourceReading, offersChanged: boolean): void {
    this.#readings = new Map(this.#readings).set(reading.account.accountId, reading)
    this.#changed(offersChanged)
  }

  #changed(offersChanged: boolean): void {
    if (offersChanged) {
      this.#revision += 1
      // Put together before somebody asks: a view should only filter and sort.
      if (this.#listeners.size > 0) setImmediate(() => this.snapshot())
    }
    for (const listener of this.#listeners) listener()
  }
}
