import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../../main/store/open.ts'
import type { Database } from '../../main/store/database.ts'
import type { Migration } from '../../main/store/migrate.ts'

export interface OldDatabase {
  readonly version: number
  readonly path: string
}

/**
 * Writes a database file at every version before the newest, the empty file (0) included. `fill` may
 * put rows in that a real program of that version would have written.
 */
export function databasesAtEveryVersion(
  dir: string,
  migrations: readonly Migration[],
  fill: (version: number, database: Database) => void = () => undefined,
): OldDatabase[] {
  mkdirSync(dir, { recursive: true })
  return migrations.map((_, version) => {
    const path = join(dir, `version-${version}.db`)
    const database = openDatabase(path, migrations.slice(0, version))
    fill(version, database)
    database.close()
    return { version, path }
  })
}
