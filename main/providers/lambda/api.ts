import { HttpApi } from '../http/http-api.ts'
import type { Pacer } from '../http/pacer.ts'
import type { Account, ProviderContext } from '../provider.ts'
import { explain } from './errors.ts'
import type { CloudPlace } from '../http/place.ts'

/** Requests with one account's key. */
export function lambdaApi(
  { credentials }: Account,
  { clock }: ProviderContext,
  { baseUrl, requestTimeoutMs }: CloudPlace,
  pacer: Pacer,
): HttpApi {
  return new HttpApi({
    name: 'Lambda',
    baseUrl,
    headers: { authorization: `Bearer ${credentials['apiKey'] ?? ''}` },
    requestTimeoutMs,
    clock,
    pacer,
    explain,
  })
}
