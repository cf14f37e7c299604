import { SubletError } from '../domain/errors.ts'
import type { JobSecrets } from '../jobs/ports.ts'
import type { Redactor } from '../logging/redactor.ts'
import type { Vault } from '../secrets/vault.ts'

const service = 'sublet/secret'

/** Secrets of jobs by name, such as HF_TOKEN. Values go in, and out only to a machine. */
export class SecretStore implements JobSecrets {
  readonly #vault: Vault
  readonly #redactor: Redactor

  constructor(vault: Vault, redactor: Redactor) {
    this.#vault = vault
    this.#redactor = redactor
  }

  async set(name: string, value: string): Promise<void> {
    this.#redactor.add(value)
    await this.#vault.setPassword(service, name, value)
  }

  /** Fails with `not-found`. */
  async remove(name: string): Promise<void> {
    if (await this.#vault.deletePassword(service, name)) return
    throw new SubletError('not-found', `There is no secret ${name}. See: sublet secrets list`)
  }

  list(): {
    readonly name: string
    readonly setAt: number
    readonly keptIn: 'keychain' | 'session'
  }[] {
    return this.#vault
      .names(service)
      .map(({ account, setAt, keptIn }) => ({ name: account, setAt, keptIn }))
  }

  /** Registers every value that exists for masking, also where others are missing. */
  async read(names: readonly string[]): Promise<Readonly<Record<string, string>>> {
    const values: Record<string, string> = {}
    const missing: string[] = []
    for (const name of names) {
      const value = await this.#vault.getPassword(service, name)
      if (value === null) {
        missing.push(name)
        continue
      }
      this.#redactor.add(value)
      values[name] = value
    }
    if (missing.length > 0) throw missingError(missing)
    return values
  }
}

function missingError(names: readonly string[]): SubletError {
  const commands = names.map((name) => `sublet secrets set ${name}`).join('; ')
  return new SubletError(
    'secret-missing',
    names.length === 1
      ? `The secret ${names[0]} is not set. Set it: ${commands}`
      : `The secrets ${names.join(', ')} are not set. Set them: ${commands}`,
  )
}
