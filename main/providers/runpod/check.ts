import type { z } from 'zod'
import { SubletError } from '../../domain/errors.ts'
import { formatMicros } from '../../domain/format.ts'
import { microsOfUsd } from '../../domain/usd.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { Account, AccountStatus } from '../provider.ts'
import { refusedAccount } from '../refused-account.ts'
import {
  endpointsSchema,
  myselfSchema,
  podBillingSchema,
  podsSchema,
  volumesSchema,
} from './wire.ts'

/** What has to be read so that nothing that is billed stays unseen. */
const reads = [
  { what: 'pods', path: '/v2/pods', schema: podsSchema },
  { what: 'network volumes', path: '/v2/network-volumes', schema: volumesSchema },
  { what: 'serverless endpoints', path: '/v2/serverless', schema: endpointsSchema },
] as const

/** The bill of today: its absence is said, and no obstacle. */
const bill = { path: '/v2/billing/pods', query: { lastN: 1 }, schema: podBillingSchema } as const

/** Whose key it is, what it may not do, and the credit where RunPod still tells it. */
export async function checkAccount(
  api: HttpApi,
  account: Account,
  signal: AbortSignal,
): Promise<AccountStatus> {
  const identity = `RunPod account of ${account.name}`
  const missing: string[] = []
  try {
    for (const read of reads) if (!(await may(api, read, signal))) missing.push(read.what)
  } catch (thrown) {
    return refusedAccount(thrown, identity)
  }
  const { email, balanceMicros } = await myself(api, signal)
  const who = { identity: email ?? identity, balanceMicros }
  if (missing.length > 0) {
    const message = `This key may not see ${missing.join(' or ')}: make one that may read and write at console.runpod.io/user/settings.`
    return { ok: false, ...who, message, code: 'permission' }
  }
  const unseen = (await may(api, bill, signal))
    ? ''
    : ' It may not see the bill, so costs stay as metered here.'
  return { ok: true, ...who, message: `The key works.${creditWords(balanceMicros)}${unseen}` }
}

interface Read {
  readonly path: string
  readonly query?: Readonly<Record<string, number>>
  readonly schema: z.ZodType
}

async function may(api: HttpApi, { schema, ...read }: Read, signal: AbortSignal): Promise<boolean> {
  try {
    await api.call(
      schema,
      { method: 'GET', path: read.path, ...(read.query && { query: read.query }) },
      signal,
    )
    return true
  } catch (thrown) {
    if (thrown instanceof SubletError && thrown.code === 'permission') return false
    throw thrown
  }
}

function creditWords(balanceMicros: number | null): string {
  return balanceMicros === null
    ? ' RunPod did not tell the credit.'
    : ` Its credit is ${formatMicros(balanceMicros)}; a pod needs enough for its first hour.`
}

/**
 * API v2 tells no balance. The older GraphQL does until it is retired ("early 2027", release notes
 * of docs.runpod.io, 2026-08): without its answer the check is no worse.
 */
async function myself(
  api: HttpApi,
  signal: AbortSignal,
): Promise<{ readonly email: string | null; readonly balanceMicros: number | null }> {
  const body = { query: 'query { myself { email clientBalance } }' }
  try {
    const { data } = await api.call(
      myselfSchema,
      { method: 'POST', path: '/graphql', body },
      signal,
    )
    const { email, clientBalance } = data?.myself ?? {}
    return {
      email: email ?? null,
      balanceMicros: clientBalance == null ? null : microsOfUsd(clientBalance),
    }
  } catch (thrown) {
    if (!(thrown instanceof SubletError) || thrown.code === 'cancelled') throw thrown
    return { email: null, balanceMicros: null }
  }
}
