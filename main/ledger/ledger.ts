import { z } from 'zod'
import { ledgerEntrySchema } from '../../preload/contract/ledger.ts'
import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import type { Micros } from '../../preload/contract/money.ts'
import type { RentalId } from '../../preload/contract/rental.ts'
import { micros } from '../domain/money.ts'
import type { Database } from '../store/database.ts'
import { filter } from './filter.ts'
import type { LedgerQuery } from './filter.ts'
import type { Metered } from './meter.ts'

const rank: Readonly<Record<LedgerEntry['status'], number>> = {
  estimated: 0,
  metered: 1,
  reconciled: 2,
}
const sumSchema = z.object({ micros: z.int().nullable() })
const columns = `id, rental_id AS rentalId, account_id AS accountId, provider_id AS providerId,
  job_id AS jobId, job_name AS jobName, project, gpu, part, from_at AS "from", to_at AS "to",
  micros, metered_micros AS meteredMicros, billed_ms AS billedMs, useful_ms AS usefulMs, status,
  estimate_micros AS estimateMicros, receipt_at AS receiptAt, simulated`
const rowSchema = ledgerEntrySchema.extend({
  simulated: z.int().transform((flag) => flag === 1),
})

/** The books: one set of entries per rental, replaced as a whole while its figures firm up. */
export class Ledger {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * Books a rental in one transaction in place of what stood there for it. Figures only get
   * firmer: a late estimate never replaces a metered or reconciled amount; answers whether it was
   * booked. `again`: a machine that was booked as gone came back, so that firm figures were not.
   */
  record(metered: Metered, { again = false }: { readonly again?: boolean } = {}): boolean {
    return this.#database.transaction(() => {
      const booked = this.#status(metered.rentalId)
      if (!again && booked !== null && rank[booked] > rank[metered.status]) return false
      this.#database.run('DELETE FROM ledger_entries WHERE rental_id = ?', [metered.rentalId])
      for (const entry of metered.entries) this.#insert(entry)
      return true
    })
  }

  /** Entries in order of time. */
  list(query: LedgerQuery = {}): LedgerEntry[] {
    const { where, params } = filter(query)
    const sql = `SELECT ${columns} FROM ledger_entries ${where} ORDER BY from_at, id`
    return this.#database.all(rowSchema, sql, params)
  }

  /** The sum of what `list` answers, without reading the entries. */
  totalMicros(query: LedgerQuery = {}): Micros {
    const { where, params } = filter(query)
    const sql = `SELECT SUM(micros) AS micros FROM ledger_entries ${where}`
    return micros(this.#database.get(sumSchema, sql, params)?.micros ?? 0)
  }

  /** Sums by provider, dearest first. */
  totalsByProvider(query: LedgerQuery = {}): { providerId: string; micros: Micros }[] {
    const { where, params } = filter(query)
    const schema = z.object({ providerId: z.string(), micros: z.int() })
    const sql = `SELECT provider_id AS providerId, SUM(micros) AS micros FROM ledger_entries
      ${where} GROUP BY provider_id ORDER BY 2 DESC, 1`
    return this.#database
      .all(schema, sql, params)
      .map((row) => ({ providerId: row.providerId, micros: micros(row.micros) }))
  }

  /** By how much the provider's bill differs from our own meter; 0 until it is reconciled. */
  driftMicros(rentalId: RentalId): Micros {
    const sql = `SELECT SUM(micros - metered_micros) AS micros FROM ledger_entries
      WHERE rental_id = ?`
    return micros(this.#database.get(sumSchema, sql, [rentalId])?.micros ?? 0)
  }

  #status(rentalId: RentalId): LedgerEntry['status'] | null {
    const schema = ledgerEntrySchema.pick({ status: true })
    const sql = 'SELECT status FROM ledger_entries WHERE rental_id = ? LIMIT 1'
    return this.#database.get(schema, sql, [rentalId])?.status ?? null
  }

  #insert(entry: LedgerEntry): void {
    this.#database.run(
      `INSERT INTO ledger_entries (id, rental_id, account_id, provider_id, job_id, job_name,
        project, gpu, part, from_at, to_at, micros, metered_micros, billed_ms, useful_ms,
        status, estimate_micros, receipt_at, simulated)
      VALUES (:id, :rentalId, :accountId, :providerId, :jobId, :jobName, :project, :gpu, :part,
        :from, :to, :micros, :meteredMicros, :billedMs, :usefulMs, :status, :estimateMicros,
        :receiptAt, :simulated)`,
      { ...entry, simulated: entry.simulated ? 1 : 0 },
    )
  }
}
