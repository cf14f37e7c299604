import { SubletError } from '../domain/errors.ts'
import type { AccountStatus } from './provider.ts'

/** What `check` answers where the provider has refused the key; every other failure stays one. */
export function refusedAccount(thrown: unknown, identity: string): AccountStatus {
  if (!(thrown instanceof SubletError) || !['auth', 'permission'].includes(thrown.code))
    throw thrown
  const { code, message } = thrown
  return { ok: false, identity, message, balanceMicros: null, code }
}
