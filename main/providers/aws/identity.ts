import { homeRegion } from './credentials.ts'
import type { AwsParts } from './parts.ts'
import { identitySchema } from './wire.ts'

/** The account that the keys belong to; it needs no permission. */
export function callerIdentity(
  { api, account }: Pick<AwsParts, 'api' | 'account'>,
  signal: AbortSignal,
) {
  return api.call(
    identitySchema,
    homeRegion(account),
    'others',
    api.clients.sts(),
    (sts, how) => sts.getCallerIdentity({}, how),
    signal,
  )
}
