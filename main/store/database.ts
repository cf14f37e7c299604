import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { z } from 'zod'
import { SubletError } from '../domain/errors.ts'

/** What a column holds. Integers are safe numbers: beyond 2^53 both directions throw. */
export type SqlValue = string | number | null | Uint8Array
/** Positional values for `?`, or named ones for `:name`. */
export type SqlParams = readonly SqlValue[] | Readonly<Record<string, SqlValue>>

export interface RunResult {
  readonly changes: number
  readonly lastInsertRowid: number
}

/**
 * One connection to SQLite: rows are parsed with zod, statements are prepared once. Everything is
 * synchronous, so a transaction can never be interleaved with other work of the process.
 */
export class Database {
  readonly #sqlite: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  #depth = 0

  /** Use `openDatabase`, which also migrates. */
  constructor(sqlite: DatabaseSync) {
    this.#sqlite = sqlite
  }

  /** Runs several statements without parameters (schema changes). */
  exec(sql: string): void {
    this.#sqlite.exec(sql)
  }

  /** Writes; answers how many rows changed. */
  run(sql: string, params: SqlParams = []): RunResult {
    const statement = this.#prepare(sql)
    const result = isNamed(params)
      ? statement.run(checkedRecord(params))
      : statement.run(...checkedList(params))
    return {
      changes: Number(result.changes),
      lastInsertRowid: Number(result.lastInsertRowid),
    }
  }

  /** The first row, parsed; null when there is none. */
  get<S extends z.ZodType>(schema: S, sql: string, params: SqlParams = []): z.output<S> | null {
    const statement = this.#prepare(sql)
    const row = isNamed(params)
      ? statement.get(checkedRecord(params))
      : statement.get(...checkedList(params))
    return row === undefined ? null : parseRow(schema, row, sql)
  }

  /** All rows, parsed. */
  all<S extends z.ZodType>(schema: S, sql: string, params: SqlParams = []): z.output<S>[] {
    const statement = this.#prepare(sql)
    const rows = isNamed(params)
      ? statement.all(checkedRecord(params))
      : statement.all(...checkedList(params))
    return rows.map((row) => parseRow(schema, row, sql))
  }

  /** Rows one at a time, for results that do not fit in memory. Consume it without awaiting. */
  *iterate<S extends z.ZodType>(
    schema: S,
    sql: string,
    params: SqlParams = [],
  ): Generator<z.output<S>, void> {
    // Not from the cache: the same query running elsewhere would reset this cursor.
    const statement = this.#sqlite.prepare(sql)
    const rows = isNamed(params)
      ? statement.iterate(checkedRecord(params))
      : statement.iterate(...checkedList(params))
    for (const row of rows) yield parseRow(schema, row, sql)
  }

  /**
   * Runs `work` entirely or not at all; may be nested (savepoints). `work` must be synchronous: a
   * promise is refused, because other work of the process would run inside the transaction.
   */
  transaction<T>(work: () => T): T {
    const depth = this.#depth
    this.#sqlite.exec(depth === 0 ? 'BEGIN IMMEDIATE' : `SAVEPOINT nested_${depth}`)
    this.#depth = depth + 1
    try {
      const result = work()
      if (result instanceof Promise) {
        result.catch(() => undefined) // The refusal below is the error that counts.
        throw new SubletError('internal', 'A database transaction must be synchronous.')
      }
      this.#sqlite.exec(depth === 0 ? 'COMMIT' : `RELEASE nested_${depth}`)
      return result
    } catch (error) {
      this.#rollBack(depth)
      throw error
    } finally {
      this.#depth = depth
    }
  }

  /** Writes the log back into the database file and closes it; safe to call twice. */
  close(): void {
    this.#statements.clear()
    if (this.#sqlite.isOpen) this.#sqlite.close()
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.#sqlite.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  #rollBack(depth: number): void {
    // A full disk ends the transaction by itself; rolling back then would hide the first error.
    if (!this.#sqlite.isTransaction) return
    this.#sqlite.exec(
      depth === 0 ? 'ROLLBACK' : `ROLLBACK TO nested_${depth}; RELEASE nested_${depth}`,
    )
  }
}

function isNamed(params: SqlParams): params is Readonly<Record<string, SqlValue>> {
  return !Array.isArray(params)
}

function checkedList(params: readonly SqlValue[]): SqlValue[] {
  return params.map(checked)
}

function checkedRecord(params: Readonly<Record<string, SqlValue>>): Record<string, SqlValue> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, checked(value)]))
}

function checked(value: SqlValue): SqlValue {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new SubletError('internal', `${value} is too large to be stored exactly.`)
  }
  return value
}

function parseRow<S extends z.ZodType>(schema: S, row: unknown, sql: string): z.output<S> {
  const parsed = schema.safeParse(row)
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')
  throw new SubletError('internal', `A stored row has an unexpected form (${fields}).`, {
    details: { sql },
    cause: parsed.error,
  })
}
