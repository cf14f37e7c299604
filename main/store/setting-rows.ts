import { z } from 'zod'
import type { Database } from './database.ts'

/** The table `settings` as JSON texts by key; the port is `settings/settings.ts`. */
export function settingRows(database: Database) {
  return {
    read: (key: string): string | null =>
      database.get(z.object({ value: z.string() }), 'SELECT value FROM settings WHERE key = ?', [
        key,
      ])?.value ?? null,
    write: (key: string, value: string): void => {
      database.run(
        `INSERT INTO settings (key, value) VALUES (?, ?)
         ON CONFLICT DO UPDATE SET value = excluded.value`,
        [key, value],
      )
    },
    remove: (key: string): void => {
      database.run('DELETE FROM settings WHERE key = ?', [key])
    },
  }
}
