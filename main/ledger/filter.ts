import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import type { SqlValue } from '../store/database.ts'

/** Entries whose interval begins in [from, to); all where absent. Entries never cross a reporting day. */
export interface LedgerQuery {
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly jobId?: string | undefined
  readonly rentalId?: string | undefined
  /** Practice money or real money; both where absent. */
  readonly simulated?: boolean | undefined
  readonly providerId?: string | undefined
  /** Null: entries without a project. */
  readonly project?: string | null | undefined
  /** Null: entries of machines without GPU. */
  readonly gpu?: string | null | undefined
  /** True: time that no job used; false: all but that. */
  readonly idle?: boolean | undefined
}

/** The query as SQL: `WHERE …` (or nothing) and its values in order. */
export function filter(query: LedgerQuery): {
  readonly where: string
  readonly params: SqlValue[]
} {
  const conditions: (readonly [string, SqlValue | undefined])[] = [
    ['simulated = ?', query.simulated === undefined ? undefined : query.simulated ? 1 : 0],
    ['from_at >= ?', query.from],
    ['from_at < ?', query.to],
    ['job_id = ?', query.jobId],
    ['rental_id = ?', query.rentalId],
    ['provider_id = ?', query.providerId],
    ['project IS ?', query.project],
    ['gpu IS ?', query.gpu],
    ['(job_id IS NULL) = ?', query.idle === undefined ? undefined : query.idle ? 1 : 0],
  ]
  const given = conditions.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]))
  const where = given.length === 0 ? '' : `WHERE ${given.map(({ sql }) => sql).join(' AND ')}`
  return { where, params: given.map(({ value }) => value) }
}

/** The same question for an entry that is not in the books yet. */
export function matches(entry: LedgerEntry, query: LedgerQuery): boolean {
  const wants = <T>(wanted: T | undefined, is: T): boolean => wanted === undefined || wanted === is
  return (
    (query.from === undefined || entry.from >= query.from) &&
    (query.to === undefined || entry.from < query.to) &&
    wants(query.simulated, entry.simulated) &&
    wants<string | null>(query.jobId, entry.jobId) &&
    wants<string>(query.rentalId, entry.rentalId) &&
    wants(query.providerId, entry.providerId) &&
    wants(query.project, entry.project) &&
    wants(query.gpu, entry.gpu) &&
    wants(query.idle, entry.jobId === null)
  )
}
