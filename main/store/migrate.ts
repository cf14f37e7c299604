import { z } from 'zod'
import { SubletError } from '../domain/errors.ts'
import type { Database } from './database.ts'

/** One step of the schema. Never edited once released: the next change is the next step. */
export interface Migration {
  /** 1, 2, 3 … without gaps. */
  readonly version: number
  readonly up: (database: Database) => void
}

/** Applies the steps that the file lacks, each in its own transaction with its version number. */
export function migrate(database: Database, migrations: readonly Migration[]): void {
  for (const [index, migration] of migrations.entries()) {
    if (migration.version !== index + 1) {
      throw new SubletError('internal', `Migration ${index + 1} is numbered ${migration.version}.`)
    }
    database.transaction(() => {
      // Read inside the transaction: another process may have migrated meanwhile.
      const row = database.get(z.object({ user_version: z.int() }), 'PRAGMA user_version')
      if ((row?.user_version ?? 0) >= migration.version) return
      migration.up(database)
      database.exec(`PRAGMA user_version = ${migration.version}`)
    })
  }
}
