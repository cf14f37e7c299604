import { z } from 'zod'
import type { Database } from './database.ts'

const rowSchema = z.object({ account: z.string(), set_at: z.int() })

/** Which keychain entries exist, in the table `vault_names`; the port is `secrets/vault.ts`. */
export function vaultNames(database: Database) {
  return {
    record: (service: string, account: string, setAt: number): void => {
      database.run(
        `INSERT INTO vault_names (service, account, set_at) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET set_at = excluded.set_at`,
        [service, account, setAt],
      )
    },
    forget: (service: string, account: string): void => {
      database.run('DELETE FROM vault_names WHERE service = ? AND account = ?', [service, account])
    },
    list: (service: string): { account: string; setAt: number }[] =>
      database
        .all(
          rowSchema,
          'SELECT account, set_at FROM vault_names WHERE service = ? ORDER BY account',
          [service],
        )
        .map((row) => ({ account: row.account, setAt: row.set_at })),
  }
}
