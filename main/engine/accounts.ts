import { z } from 'zod'
import type { LastCheck } from '../../preload/contract/account.ts'
import type { Clock } from '../domain/clock.ts'
import { SubletError } from '../domain/errors.ts'
import type { AccountStatus } from '../providers/provider.ts'
import type { Database } from '../store/database.ts'

const settingsSchema = z.record(z.string(), z.string())
const rowSchema = z.object({
  id: z.string(),
  provider_id: z.string(),
  name: z.string(),
  settings: z.string(),
  created_at: z.int(),
})

/** An account without its credentials, which only the vault holds. */
export interface StoredAccount {
  readonly id: string
  readonly providerId: string
  readonly name: string
  readonly settings: Readonly<Record<string, string>>
}

/** Which accounts exist. The practice cloud's is built in and has no row. */
export class Accounts {
  readonly #db: Database
  readonly #clock: Clock
  readonly #builtIn: readonly StoredAccount[]
  readonly #checks = new Map<string, LastCheck>()

  constructor(db: Database, clock: Clock, builtIn: readonly StoredAccount[]) {
    this.#db = db
    this.#clock = clock
    this.#builtIn = builtIn
  }

  all(): StoredAccount[] {
    const rows = this.#db.all(rowSchema, 'SELECT * FROM accounts ORDER BY provider_id, name')
    return [
      ...this.#builtIn,
      ...rows.map((row) => ({
        id: row.id,
        providerId: row.provider_id,
        name: row.name,
        settings: settingsSchema.parse(JSON.parse(row.settings)),
      })),
    ]
  }

  /** Fails with `not-found`. */
  get(id: string): StoredAccount {
    const account = this.all().find((one) => one.id === id)
    if (account === undefined) {
      throw new SubletError('not-found', `There is no account ${id}. See: sublet accounts list`)
    }
    return account
  }

  find(providerId: string, name: string): StoredAccount | null {
    const same = (one: StoredAccount): boolean => one.providerId === providerId && one.name === name
    return this.all().find(same) ?? null
  }

  /** Fails with `conflict` when the provider has an account of that name. */
  add(account: StoredAccount): void {
    this.#refuseTaken(account.providerId, account.name)
    this.#db.run(
      'INSERT INTO accounts (id, provider_id, name, settings, created_at) VALUES (?, ?, ?, ?, ?)',
      [
        account.id,
        account.providerId,
        account.name,
        JSON.stringify(account.settings),
        this.#clock.now(),
      ],
    )
  }

  /** Fails with `conflict` when the provider has another account of that name. */
  rename(account: StoredAccount, name: string): void {
    if (name === account.name) return
    this.#refuseTaken(account.providerId, name)
    this.#db.run('UPDATE accounts SET name = ? WHERE id = ?', [name, account.id])
  }

  /** Replaces the settings of an account; its rentals stay its own. */
  change(id: string, settings: StoredAccount['settings']): void {
    this.#db.run('UPDATE accounts SET settings = ? WHERE id = ?', [JSON.stringify(settings), id])
  }

  remove(id: string): void {
    this.#db.run('DELETE FROM accounts WHERE id = ?', [id])
    this.#checks.delete(id)
  }

  /** Remembers what a check said, and answers it. */
  noteCheck(id: string, status: AccountStatus): AccountStatus {
    this.#checks.set(id, { ...status, at: this.#clock.now() })
    return status
  }

  /** What the last check of this engine's life said; null before one. */
  lastCheck(id: string): LastCheck | null {
    return this.#checks.get(id) ?? null
  }

  #refuseTaken(providerId: string, name: string): void {
    if (this.find(providerId, name) === null) return
    throw new SubletError(
      'conflict',
      `There is already ${providerId === 'host' ? 'a host' : 'an account'} named "${name}". Remove it first, or choose another name.`,
    )
  }
}
