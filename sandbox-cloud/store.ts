import { DatabaseSync } from 'node:sqlite'
import type { MachineRecord } from './records.ts'

/**
 * The cloud's state on disk. Opening it takes an exclusive lock that the kernel drops when the
 * process dies, so it is also what keeps two sandboxes off one folder. Every write is durable.
 */
export class Store {
  readonly #database: DatabaseSync

  /** Throws (`database is locked`) while another sandbox has it open. */
  constructor(path: string) {
    this.#database = new DatabaseSync(path, { timeout: 0 })
    this.#database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = TRUNCATE;
      PRAGMA synchronous = FULL;
      BEGIN EXCLUSIVE;
      CREATE TABLE IF NOT EXISTS machines (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
      COMMIT;`)
  }

  machines(): MachineRecord[] {
    const rows = this.#database.prepare('SELECT record FROM machines ORDER BY rowid').all()
    return rows.map((row) => JSON.parse(String(row['record'])) as MachineRecord)
  }

  save(record: MachineRecord): void {
    this.#database
      .prepare(
        'INSERT INTO machines (id, record) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record',
      )
      .run(record.id, JSON.stringify(record))
  }

  /** A named JSON value, or undefined when it was never set. */
  setting(name: string): unknown {
    const row = this.#database.prepare('SELECT value FROM settings WHERE name = ?').get(name)
    return row === undefined ? undefined : JSON.parse(String(row['value']))
  }

  setSetting(name: string, value: unknown): void {
    this.#database
      .prepare(
        'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      )
      .run(name, JSON.stringify(value))
  }

  close(): void {
    this.#database.close()
  }
}

/** Whether opening failed because another sandbox holds the folder. */
export function isLocked(error: unknown): boolean {
  return error instanceof Error && /database is locked/.test(error.message)
}
