import type { RadarSummary } from '../../../preload/contract/radar.ts'
import type { Billable } from '../../../preload/contract/rental.ts'
import type { Clock } from '../../domain/clock.ts'
import { toWireError } from '../../domain/errors.ts'
import type { Logger } from '../../domain/logger.ts'
import { judge, type Judgement } from '../../domain/radar/judge.ts'
import { isOfRental, machinesFirst } from '../../domain/radar/belongs.ts'
import { radarSummary } from '../../domain/radar/summary.ts'
import type { Journal } from '../../jobs/journal/journal.ts'
import type { Accounts, StoredAccount } from '../accounts.ts'
import type { EngineProviderAccess } from '../provider-access.ts'
import { asBillable } from './as-billable.ts'
import { ReceiptMarks } from './receipt-marks.ts'
import { readAccount, type AccountReading } from './reading.ts'

export interface RadarDeps {
  readonly clock: Clock
  readonly journal: Journal
  readonly accounts: Pick<Accounts, 'all'>
  readonly providers: Pick<EngineProviderAccess, 'session' | 'about' | 'capabilities' | 'knows'>
  readonly homeId: string
  readonly log: Logger
}

/** One thing that costs money, judged as of now. */
export interface Spotted {
  readonly billable: Billable
  readonly judgement: Judgement
  readonly accountName: string
  readonly simulated: boolean
  /** When its provider said so; null for a machine that only our journal knows of. */
  readonly fetchedAt: number | null
}

export interface RadarView {
  readonly spotted: readonly Spotted[]
  readonly readings: readonly AccountReading[]
}

/** Between two rounds while something runs; engine time. */
const roundMs = 15 * 60_000
/** An account that did not answer is asked again sooner; engine time. */
const againMs = 60_000
/** However fast engine time runs: providers are asked over a real network. */
const roundAtLeastRealMs = 1_000

/**
 * Looks for everything that costs money on every account: at the engine's start, every 15 minutes
 * while something runs, and when asked. Nothing waits for it but who asks.
 */
export class Radar {
  readonly #deps: RadarDeps
  readonly #onLook: (view: RadarView) => void
  readonly #readings = new Map<string, AccountReading>()
  readonly #receipts = new ReceiptMarks()
  #running: Promise<void> = Promise.resolve()

  /** `onLook` is told after each look what there is. */
  constructor(deps: RadarDeps, onLook: (view: RadarView) => void = () => undefined) {
    this.#deps = deps
    this.#onLook = onLook
    const { journal } = deps
    journal.onChange(({ rentals }) => {
      for (const id of rentals) {
        if (journal.rental(id).phase === 'released') this.#receipts.released(id)
      }
    })
  }

  /** Looks at once, and then again and again, until aborted. */
  start(signal: AbortSignal): void {
    this.#running = this.#rounds(signal).catch(() => undefined) // Only the shutdown ends it.
  }

  async settled(): Promise<void> {
    await this.#running
  }

  /**
   * Asks every account whose last answer is older than `maxAgeMs` and answers all that is known.
   * Own hosts bill nobody: a round of its own leaves them alone (`hosts: false`).
   */
  async look(
    { maxAgeMs, hosts }: { readonly maxAgeMs: number; readonly hosts: boolean },
    signal: AbortSignal,
  ): Promise<RadarView> {
    const now = this.#deps.clock.now()
    const stored = this.#deps.accounts.all()
    const removed = [...this.#readings.keys()].filter((id) => !stored.some((one) => one.id === id))
    for (const id of removed) this.#readings.delete(id)
    const due = stored.filter((account) => {
      if (!hosts && this.#isOwnHost(account)) return false
      const known = this.#readings.get(account.id)
      // A clock that was set back must not make an answer young for ever.
      const ageMs = known === undefined ? Infinity : Math.abs(now - known.askedAt)
      const mostMs = known?.problem == null ? maxAgeMs : Math.min(maxAgeMs, againMs)
      return ageMs > mostMs || maxAgeMs === 0
    })
    await Promise.all(due.map((account) => this.#read(account, signal)))
    const view = this.view()
    this.#onLook(view)
    return this.view()
  }

  /** What is known, judged by the journal of now. */
  view(): RadarView {
    const { journal, accounts } = this.#deps
    const stored = accounts.all()
    const readings = stored.flatMap(({ id }) => this.#readings.get(id) ?? [])
    const found = new Map<string, Spotted>()
    for (const { account, fetchedAt, revision, rows } of readings) {
      for (const billable of rows) {
        const rental = this.#rentalOf(billable)
        // Read before its receipt: what was true then says nothing now.
        const isOld = rental !== null && this.#receipts.isBefore(revision, rental.id)
        if (isOld && isOfRental(billable, rental)) continue
        const key = `${billable.providerId} ${billable.kind} ${billable.nativeId}`
        // Two accounts may see the same machines: it is shown once, where it was rented.
        if (found.has(key) && rental?.accountId !== account.id) continue
        found.set(key, {
          billable,
          judgement: this.judge(billable),
          accountName: account.name,
          simulated: this.#isSimulated(account.providerId),
          fetchedAt,
        })
      }
    }
    const listed = [...found.values()]
    const unseen = journal
      .openRentals()
      .filter(
        (rental) =>
          !listed.some(
            ({ billable }) => billable.kind === 'machine' && isOfRental(billable, rental),
          ),
      )
      .map((rental): Spotted => {
        const billable = asBillable(rental)
        const account = stored.find(({ id }) => id === rental.accountId)
        return {
          billable,
          judgement: this.judge(billable),
          accountName: account?.name ?? rental.accountId,
          simulated: rental.offer.simulated,
          fetchedAt: null,
        }
      })
    return { spotted: [...listed, ...unseen], readings }
  }

  /** For the overview: cheap, asks nobody. */
  summary(): RadarSummary {
    const { spotted, readings } = this.view()
    const asked = readings.filter(({ account }) => !this.#isOwnHost(account))
    return radarSummary(
      spotted,
      asked.length === 0 ? null : Math.min(...asked.map(({ askedAt }) => askedAt)),
      asked.flatMap(({ account, problem }) =>
        problem === null ? [] : [`${account.name}: ${problem.sentence}`],
      ),
    )
  }

  /** Whose it is, and how it can be released, by the journal of now. */
  judge(billable: Billable): Judgement {
    const { homeId, providers } = this.#deps
    const about = providers.about(billable.providerId)
    return judge(billable, {
      homeId,
      rental: this.#rentalOf(billable),
      provider: {
        name: about.name,
        releasesAnything:
          providers.knows(billable.providerId) &&
          providers.capabilities(billable.providerId).releaseBillable === true,
        hasOwnPage: about.consoleLink !== undefined,
      },
    })
  }

  async #rounds(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#deps
    for (;;) {
      try {
        await this.look({ maxAgeMs: 0, hosts: false }, signal)
      } catch (thrown) {
        signal.throwIfAborted()
        log.warn({ error: toWireError(thrown) }, 'The leak radar broke off; it looks again')
      }
      do {
        await clock.sleep(Math.max(roundMs, roundAtLeastRealMs / clock.realMs(1)), signal)
      } while (!this.#isBusy())
    }
  }

  #isBusy(): boolean {
    const { journal } = this.#deps
    if (journal.openRentals().length > 0 || journal.openJobs().length > 0) return true
    return this.view().spotted.some(({ judgement }) => judgement.use === 'unused')
  }

  async #read(account: StoredAccount, signal: AbortSignal): Promise<void> {
    const { providers, clock, journal, log } = this.#deps
    const before = this.#readings.get(account.id)
    const reading = await this.#receipts.ask(
      async (revision) => await readAccount(providers, clock, account, before, revision, signal),
    )
    // Asked twice at once, the later question knows more.
    const stored = this.#readings.get(account.id)
    if (stored !== undefined && stored !== before && stored.askedAt > reading.askedAt) return
    this.#readings.set(account.id, reading)
    this.#receipts.prune([...this.#readings.values()])
    if (reading.problem !== null) return
    for (const row of machinesFirst(reading.rows)) {
      const { rentalId } = row
      if (rentalId === null || this.#receipts.isBefore(reading.revision, rentalId)) continue
      const { reappeared, sentence } = this.judge(row)
      if (!reappeared) continue
      log.warn({ rentalId, nativeId: row.nativeId }, 'Is listed again after its receipt')
      const instanceId = row.kind === 'machine' ? row.nativeId : null
      journal.append({
        rental: rentalId,
        event: { kind: 'reappeared', because: sentence, instanceId },
      })
    }
  }

  #rentalOf({ rentalId }: Billable) {
    const { journal } = this.#deps
    return rentalId !== null && journal.knowsRental(rentalId) ? journal.rental(rentalId) : null
  }

  #isOwnHost({ providerId }: StoredAccount): boolean {
    const { providers } = this.#deps
    return providers.knows(providerId) && providers.capabilities(providerId).shared
  }

  #isSimulated(providerId: string): boolean {
    const { providers } = this.#deps
    return providers.knows(providerId) && providers.about(providerId).simulated
  }
}
