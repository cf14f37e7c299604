import { z } from 'zod'
import { SubletError } from '../../domain/errors.ts'
import { formatMicros } from '../../domain/format.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { AccountStatus } from '../provider.ts'
import { microsOfUsd } from '../../domain/usd.ts'
import { accountSchema, balanceSchema } from './wire.ts'

/** What is read, and the scope of a token that allows it (`security` in the API description). */
const reads: readonly (readonly [path: string, scope: string])[] = [
  ['/sizes', 'sizes:read'],
  ['/droplets', 'droplet:read'],
  ['/account/keys', 'ssh_key:read'],
  ['/volumes', 'block_storage:read'],
  ['/reserved_ips', 'reserved_ip:read'],
  ['/snapshots', 'snapshot:read'],
  ['/images', 'image:read'],
]
const writes = 'droplet:create, droplet:delete, ssh_key:create, ssh_key:delete and tag:create'

/**
 * Whose token it is, what the month has cost, and which scopes it lacks. That it may write is seen
 * only at the first launch: nothing is made to try.
 */
export async function checkAccount(api: HttpApi, signal: AbortSignal): Promise<AccountStatus> {
  const path = '/account'
  const { account } = await api.call(accountSchema, { method: 'GET', path }, signal)
  const identity = account.team?.name
    ? `${account.email}, team ${account.team.name}`
    : account.email
  if (account.status === 'locked') {
    const message = `DigitalOcean has locked this account: see cloud.digitalocean.com. ${account.status_message}`
    return { ok: false, identity, message, balanceMicros: null, code: 'permission' }
  }
  const missing: string[] = []
  for (const [read, scope] of reads) {
    if (!(await mayRead(api, read, signal))) missing.push(scope)
  }
  if (missing.length > 0) {
    const message = `The token lacks ${missing.join(', ')}: make one that has it, and ${writes}.`
    return { ok: false, identity, message, balanceMicros: null, code: 'permission' }
  }
  const { sentence, balanceMicros } = await balanceOf(api, signal)
  const warning =
    account.status === 'warning' ? ` DigitalOcean warns: ${account.status_message}.` : ''
  return { ok: true, identity, message: `${sentence}${warning}`, balanceMicros }
}

async function mayRead(api: HttpApi, path: string, signal: AbortSignal): Promise<boolean> {
  const call = { method: 'GET', path, query: { per_page: 1 } } as const
  return (await allowed(api.call(z.unknown(), call, signal))) !== null
}

/** A credit is a balance; a debt is only said, as it stops nothing: the card is charged monthly. */
async function balanceOf(api: HttpApi, signal: AbortSignal) {
  const call = { method: 'GET', path: '/customers/my/balance' } as const
  const read = await allowed(api.call(balanceSchema, call, signal))
  if (read === null) {
    const sentence = 'The token works. It lacks billing:read, so that bills are not compared.'
    return { sentence, balanceMicros: null }
  }
  const used = formatMicros(microsOfUsd(read.month_to_date_usage))
  const owed = microsOfUsd(read.month_to_date_balance)
  const sentence = `The token works. Used this month: ${used}.`
  return { sentence, balanceMicros: owed < 0 ? Math.abs(owed) : null }
}

/** Null where the token may not. */
async function allowed<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (thrown) {
    if (thrown instanceof SubletError && thrown.code === 'permission') return null
    throw thrown
  }
}
