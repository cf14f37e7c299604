import { z } from 'zod'
import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import type { Micros } from '../../preload/contract/money.ts'
import { sumMicros } from '../domain/money.ts'
import type { Database } from '../store/database.ts'
import { filter, matches } from './filter.ts'
import type { LedgerQuery } from './filter.ts'

export interface SpendSum {
  readonly micros: Micros
  readonly idleMicros: Micros
}

export interface UsedTime {
  /** Time paid for of which it is known how much was used. */
  readonly billedMs: number
  readonly usefulMs: number
}

const sumRow = z.object({ micros: z.int().nullable(), idle: z.int().nullable() })
const usedRow = z.object({ billed: z.int().nullable(), useful: z.int().nullable() })
const estimateRow = z.object({ rentalId: z.string(), estimate: z.int() })
const actualRow = z.object({ micros: z.int(), jobs: z.int() })

/** Sums over the books together with the entries of open rentals, priced as of now. */
export class SpendSums {
  readonly #database: Database
  readonly #open: readonly LedgerEntry[]

  constructor(database: Database, open: readonly LedgerEntry[]) {
    this.#database = database
    this.#open = open
  }

  /** The sum of all entries of the query, and of those that no job used. */
  sum(query: LedgerQuery): SpendSum {
    const { where, params } = filter(query)
    const row = this.#database.get(
      sumRow,
      `SELECT SUM(micros) AS micros, SUM(CASE WHEN job_id IS NULL THEN micros END) AS idle
        FROM ledger_entries ${where}`,
      params,
    )
    const open = this.#matching(query)
    const idle = open.filter((entry) => entry.jobId === null)
    return {
      micros: sumMicros([row?.micros ?? 0, ...open.map((entry) => entry.micros)]),
      idleMicros: sumMicros([row?.idle ?? 0, ...idle.map((entry) => entry.micros)]),
    }
  }

  /** When the first entry of the query begins; null without any. */
  first(query: LedgerQuery): number | null {
    const { where, params } = filter(query)
    const row = this.#database.get(
      z.object({ at: z.int().nullable() }),
      `SELECT MIN(from_at) AS at FROM ledger_entries ${where}`,
      params,
    )
    const all = this.#matching(query).map((entry) => entry.from)
    if (row?.at != null) all.push(row.at)
    return all.length === 0 ? null : Math.min(...all)
  }

  used(query: LedgerQuery): UsedTime {
    const { where, params } = filter(query)
    const row = this.#database.get(
      usedRow,
      `SELECT SUM(CASE WHEN useful_ms IS NOT NULL THEN billed_ms END) AS billed,
        SUM(useful_ms) AS useful FROM ledger_entries ${where}`,
      params,
    )
    const known = this.#matching(query).filter((entry) => entry.usefulMs !== null)
    return {
      billedMs: known.reduce((sum, entry) => sum + entry.billedMs, row?.billed ?? 0),
      usefulMs: known.reduce((sum, entry) => sum + (entry.usefulMs ?? 0), row?.useful ?? 0),
    }
  }

  /**
   * How far off the last estimates were, as shares of the estimate: of closed rentals that served
   * one job, since an estimate is for the job that a machine was rented for. Newest first.
   */
  estimateErrors(simulated: boolean, most: number): number[] {
    const errors: number[] = []
    const rows = this.#database.iterate(
      estimateRow,
      `SELECT rental_id AS rentalId, estimate_micros AS estimate FROM ledger_entries
        WHERE simulated = ? AND estimate_micros > 0 ORDER BY from_at DESC`,
      [simulated ? 1 : 0],
    )
    for (const { rentalId, estimate } of rows) {
      const actual = this.#database.get(
        actualRow,
        `SELECT SUM(micros) AS micros, COUNT(DISTINCT job_id) AS jobs FROM ledger_entries
          WHERE rental_id = ?`,
        [rentalId],
      )
      if (actual?.jobs !== 1) continue
      errors.push(Math.abs(actual.micros - estimate) / estimate)
      if (errors.length === most) break
    }
    return errors
  }

  #matching(query: LedgerQuery): LedgerEntry[] {
    return this.#open.filter((entry) => matches(entry, query))
  }
}
