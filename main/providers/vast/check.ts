import { z } from 'zod'
import { SubletError } from '../../domain/errors.ts'
import { formatMicros } from '../../domain/format.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { Account, AccountStatus } from '../provider.ts'
import { neededRights } from './errors.ts'
import { dollars } from './units.ts'
import { userSchema } from './wire.ts'

/**
 * Whose key it is, the credit left, and what a limited key lacks, as far as reading shows it: whether
 * it may rent is known only when it does.
 */
export async function checkAccount(
  api: HttpApi,
  account: Account,
  signal: AbortSignal,
): Promise<AccountStatus> {
  let identity = `Vast.ai account ${account.name}`
  let balanceMicros: AccountStatus['balanceMicros'] = null
  try {
    const path = '/api/v0/users/current/'
    const user = await api.call(userSchema, { method: 'GET', path }, signal)
    if (user.email) identity = user.email
    const balance = user.credit ?? user.balance
    balanceMicros = balance == null ? null : dollars(balance)
    const query = { limit: 1 }
    await api.call(z.unknown(), { method: 'GET', path: '/api/v1/instances/', query }, signal)
  } catch (thrown) {
    if (!(thrown instanceof SubletError) || !['auth', 'permission'].includes(thrown.code))
      throw thrown
    const { code, message } = thrown
    return { ok: false, identity, message, balanceMicros, code }
  }
  return { ok: true, identity, message: sentence(balanceMicros), balanceMicros }
}

function sentence(balanceMicros: number | null): string {
  const rights = `A limited key needs the rights ${neededRights}.`
  if (balanceMicros === null) return `The key works. ${rights}`
  return balanceMicros > 0
    ? `The key works; the credit is ${formatMicros(balanceMicros)}. ${rights}`
    : `The key works, but there is no credit left: add some at cloud.vast.ai/billing. Without credit Vast.ai stops machines.`
}
