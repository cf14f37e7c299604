import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { homeAt } from '../../../main/engine/home.ts'

/** Looks into a home's journal and books beside the engine, and after its death. */
export class JournalReader {
  readonly #file: string
  #database: DatabaseSync | null = null

  constructor(home: string) {
    this.#file = homeAt(home).databaseFile
  }

  /** Ids of all jobs or rentals, oldest first. */
  streams(kind: 'job' | 'rental'): readonly string[] {
    return this.#all('SELECT stream FROM summaries WHERE kind = ? ORDER BY rowid', kind).map(
      ({ stream }) => String(stream),
    )
  }

  /** Jobs that have not ended and rentals without receipt. */
  open(): readonly string[] {
    return this.#all('SELECT stream FROM summaries WHERE ended = 0').map(({ stream }) =>
      String(stream),
    )
  }

  /** What has happened to a job or rental, in order. */
  kinds(stream: string): readonly string[] {
    return this.#all('SELECT kind FROM journal WHERE stream = ? ORDER BY seq', stream).map(
      ({ kind }) => String(kind),
    )
  }

  /** The data of a stream's events of one kind, in order. */
  data(stream: string, kind: string): readonly Readonly<Record<string, unknown>>[] {
    return this.#all(
      'SELECT data FROM journal WHERE stream = ? AND kind = ? ORDER BY seq',
      stream,
      kind,
    ).map(({ data }) => JSON.parse(String(data)) as Readonly<Record<string, unknown>>)
  }

  /** What the books say that a rental cost, in micro-dollars. */
  bookedMicros(rental: string): number {
    const [row] = this.#all(
      'SELECT COALESCE(SUM(micros), 0) AS micros FROM ledger_entries WHERE rental_id = ?',
      rental,
    )
    return Number(row?.['micros'] ?? 0)
  }

  close(): void {
    this.#database?.close()
    this.#database = null
  }

  #all(sql: string, ...params: readonly string[]) {
    // The engine makes the file at its first start.
    if (this.#database === null && !existsSync(this.#file)) return []
    this.#database ??= new DatabaseSync(this.#file, { readOnly: true, timeout: 5_000 })
    const made = this.#database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'journal'").get()
    return made === undefined ? [] : this.#database.prepare(sql).all(...params)
  }
}
