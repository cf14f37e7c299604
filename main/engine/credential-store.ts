import { SubletError } from '../domain/errors.ts'
import type { Redactor } from '../logging/redactor.ts'
import type { CredentialField, Credentials } from '../providers/provider.ts'
import type { ProviderRegistry } from '../providers/registry.ts'
import type { Vault } from '../secrets/vault.ts'
import type { StoredAccount } from './accounts.ts'

/** Credentials of accounts: in the vault, else in the provider's usual variables of the client. */
export class CredentialStore {
  readonly #vault: Vault
  readonly #registry: ProviderRegistry
  readonly #redactor: Redactor
  readonly #environment: () => Readonly<Record<string, string>>

  constructor(
    vault: Vault,
    registry: ProviderRegistry,
    redactor: Redactor,
    environment: () => Readonly<Record<string, string>>,
  ) {
    this.#vault = vault
    this.#registry = registry
    this.#redactor = redactor
    this.#environment = environment
  }

  /** All fields of the account that have a value; fails with `auth` and a missing one's label. */
  async read(account: StoredAccount): Promise<Credentials> {
    const values: Record<string, string> = {}
    const anyKept = this.#vault.names(serviceOf(account.id)).length > 0
    for (const field of this.#fields(account)) {
      const kept = await this.#vault.getPassword(serviceOf(account.id), field.name)
      // Keys of the environment beside a kept profile would be somebody else's account.
      const value = kept ?? (field.optional && anyKept ? null : this.#fromEnvironment(field))
      if (value === null) {
        if (field.optional) continue
        throw new SubletError(
          'auth',
          `The account "${account.name}" lacks its ${field.label}. Add it again: sublet accounts add ${account.providerId}`,
        )
      }
      if (field.secret) this.#redactor.add(value)
      values[field.name] = value
    }
    return values
  }

  /**
   * The values of all declared fields for a check before they are kept, those of `values` first.
   * Unknown, missing and implausible ones are refused with `invalid`.
   */
  async complete(
    account: StoredAccount,
    values: Readonly<Record<string, string>>,
    kept = false,
  ): Promise<Credentials> {
    const fields = this.#fields(account)
    const all: Record<string, string> = {}
    for (const name of Object.keys(values)) {
      if (fields.some((field) => field.name === name)) continue
      throw new SubletError('invalid', `${account.providerId} has no field "${name}".`)
    }
    for (const field of fields) {
      const value =
        values[field.name] ??
        (kept ? await this.#vault.getPassword(serviceOf(account.id), field.name) : null) ??
        (field.optional ? null : this.#fromEnvironment(field))
      if (value === null || value === '') {
        if (field.optional) continue
        throw new SubletError('invalid', `${field.label} is missing.`)
      }
      // Before the pattern: what is refused must not be in a log either.
      if (field.secret) this.#redactor.add(value)
      if (field.pattern !== undefined && !new RegExp(`^(?:${field.pattern})$`).test(value)) {
        throw new SubletError('invalid', `${field.label} does not look right: ${field.help}`)
      }
      all[field.name] = value
    }
    return all
  }

  /** Keeps the values of all declared fields; unknown ones are refused with `invalid`. */
  async write(account: StoredAccount, values: Readonly<Record<string, string>>): Promise<void> {
    const fields = this.#fields(account)
    const unknown = Object.keys(values).find((name) => !fields.some((field) => field.name === name))
    if (unknown !== undefined) {
      throw new SubletError('invalid', `${account.providerId} has no field "${unknown}".`)
    }
    for (const field of fields) {
      const value = values[field.name] ?? (field.optional ? null : this.#fromEnvironment(field))
      if (value === null) {
        if (!field.optional) throw new SubletError('invalid', `${field.label} is missing.`)
        // Left empty now, an older value must not stay.
        await this.#vault.deletePassword(serviceOf(account.id), field.name)
        continue
      }
      if (field.secret) this.#redactor.add(value)
      await this.#vault.setPassword(serviceOf(account.id), field.name, value)
    }
  }

  async remove(account: StoredAccount): Promise<void> {
    for (const { account: field } of this.#vault.names(serviceOf(account.id))) {
      await this.#vault.deletePassword(serviceOf(account.id), field)
    }
  }

  /** Where the account's secrets are, for lists. */
  whereabouts(account: StoredAccount): 'keychain' | 'session' | 'environment' | 'none' {
    const fields = this.#fields(account)
    if (fields.length === 0) return 'none'
    const kept = this.#vault.names(serviceOf(account.id))
    const first = kept[0]
    if (first !== undefined) return first.keptIn
    return fields.some((field) => this.#fromEnvironment(field) !== null) ? 'environment' : 'none'
  }

  #fields(account: StoredAccount): readonly CredentialField[] {
    return this.#registry.about(account.providerId).credentialFields
  }

  #fromEnvironment(field: CredentialField): string | null {
    const variable = field.environmentVariable
    return variable === undefined ? null : (this.#environment()[variable] ?? null)
  }
}

function serviceOf(accountId: string): string {
  return `sublet/account/${accountId}`
}
