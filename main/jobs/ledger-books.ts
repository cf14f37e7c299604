import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import type { Clock } from '../domain/clock.ts'
import { sumMicros } from '../domain/money.ts'
import type { ReportingZone } from '../domain/reporting-day.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { costSoFar, meterRental } from '../ledger/meter.ts'
import type { RentalAccount, UsefulSpan } from '../ledger/rental-account.ts'
import type { Books } from './ports.ts'

/** Connects the journal's rentals with the meter and the ledger. */
export class LedgerBooks implements Books {
  readonly #ledger: Ledger
  readonly #clock: Clock
  readonly #zone: () => ReportingZone
  readonly #usefulOf: (rental: RentalRecord) => readonly UsefulSpan[]

  constructor(
    ledger: Ledger,
    clock: Clock,
    zone: () => ReportingZone,
    usefulOf: (rental: RentalRecord) => readonly UsefulSpan[],
  ) {
    this.#ledger = ledger
    this.#clock = clock
    this.#zone = zone
    this.#usefulOf = usefulOf
  }

  settle(rental: RentalRecord): void {
    const metered = meterRental(this.#account(rental), this.#clock.now(), this.#zone())
    // A machine that came back after its receipt has cost more than what was firm then.
    this.#ledger.record(metered, { again: rental.earlierReceipts.length > 0 })
  }

  costMicros(rental: RentalRecord, jobId?: string): number {
    if (rental.launchIssuedAt === null) return 0
    const now = this.#clock.now()
    if (jobId === undefined || rental.allocations.every((one) => one.jobId === jobId)) {
      // What a machine costs that came back after its receipt, no job has used.
      const isOneJobs = rental.warmUntil === null && rental.earlierReceipts.length === 0
      if (isOneJobs) return costSoFar(accountOf(rental), now)
    }
    return sumMicros(
      this.entries(rental)
        .filter((entry) => jobId === undefined || entry.jobId === jobId)
        .map((entry) => entry.micros),
    )
  }

  /** The entries of a rental as they would be booked now; for rentals that still run. */
  entries(rental: RentalRecord): readonly LedgerEntry[] {
    if (rental.launchIssuedAt === null) return []
    return meterRental(this.#account(rental), this.#clock.now(), this.#zone()).entries
  }

  #account(rental: RentalRecord): RentalAccount {
    return { ...accountOf(rental), useful: this.#usefulOf(rental) }
  }
}

function accountOf(rental: RentalRecord): RentalAccount {
  return {
    rentalId: rental.id,
    providerId: rental.offer.providerId,
    accountId: rental.accountId,
    offer: rental.offer,
    launchedAt: rental.launchedAt ?? rental.launchIssuedAt ?? rental.intendedAt,
    goneAt: rental.receipt?.confirmedAt ?? null,
    receipt: rental.receipt,
    machineGoneAt: rental.machineGoneAt,
    allocations: rental.allocations,
    egressBytes: rental.egressBytes,
    estimateMicros: rental.estimateMicros,
    billedFrom: rental.billedFrom,
    diskGiB: rental.diskGiB,
  }
}
