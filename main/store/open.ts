import { closeSync, openSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { SubletError } from '../domain/errors.ts'
import { setAside } from './damaged.ts'
import { Database } from './database.ts'
import { migrate } from './migrate.ts'
import type { Migration } from './migrate.ts'
import { migrations as allMigrations } from './migrations/index.ts'

/** How long a statement waits for another process' write. */
const busyTimeoutMs = 5_000
const integrityCheckMaxBytes = 64 * 2 ** 20

/**
 * Opens (or creates, mode 0600) the database at `path` and brings it to the newest version; every
 * commit is on disk when it returns. `:memory:` works too. Refuses with `version` a database of a
 * newer program, and with `internal` a damaged one, after copying it aside.
 */
export function openDatabase(
  path: string,
  migrations: readonly Migration[] = allMigrations,
): Database {
  if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600))
  let database: Database | null = null
  try {
    database = new Database(
      new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true }),
    )
    refuseNewer(database, path, migrations)
    // Without recursive triggers, INSERT OR REPLACE would get around the journal's own.
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA recursive_triggers = ON',
    )
    checkIntegrity(database, path)
    migrate(database, migrations)
    return database
  } catch (error) {
    database?.close()
    if (!isDamage(error)) throw error
    const copy = setAside(path)
    throw new SubletError(
      'internal',
      `The database ${path} is damaged; a copy stands in ${copy}. Put a backup in its place, or move it away to start with an empty one.`,
      { nativeCode: `sqlite:${error.errcode}`, cause: error },
    )
  }
}

/** The schema version that the file says it has. */
export function schemaVersion(database: Database): number {
  const row = database.get(z.object({ user_version: z.int() }), 'PRAGMA user_version')
  return row?.user_version ?? 0
}

function refuseNewer(database: Database, path: string, migrations: readonly Migration[]): void {
  const found = schemaVersion(database)
  const known = migrations.at(-1)?.version ?? 0
  if (found <= known) return
  throw new SubletError(
    'version',
    `The database ${path} was written by a newer Sublet (schema ${found}, this program knows ${known}). Update Sublet.`,
  )
}

/**
 * SQLite reads pages lazily; a damaged page should be found now, not in the middle of a job. Large
 * files are left out: reading them whole would delay every start.
 */
function checkIntegrity(database: Database, path: string): void {
  if (path === ':memory:' || statSync(path).size > integrityCheckMaxBytes) return
  const row = database.get(z.object({ quick_check: z.string() }), 'PRAGMA quick_check(1)')
  if (row !== null && row.quick_check !== 'ok') {
    throw Object.assign(new Error(row.quick_check), { errcode: 11 })
  }
}

/** SQLITE_CORRUPT or SQLITE_NOTADB. */
function isDamage(error: unknown): error is Error & { errcode: number } {
  if (!(error instanceof Error) || !('errcode' in error)) return false
  const code = Number(error.errcode) & 0xff
  return code === 11 || code === 26
}
