import { HttpApi, type Turns } from '../http/http-api.ts'
import type { Account, ProviderContext } from '../provider.ts'
import { explain, isRefusal } from './errors.ts'
import type { VastPlace } from './place.ts'

/** Requests with one account's key. Paths have the trailing slash that the official client sends. */
export function vastApi(
  { credentials }: Account,
  { clock }: ProviderContext,
  { baseUrl, requestTimeoutMs }: VastPlace,
  pacer: Turns,
): HttpApi {
  return new HttpApi({
    name: 'Vast.ai',
    baseUrl,
    headers: { authorization: `Bearer ${credentials['apiKey'] ?? ''}` },
    requestTimeoutMs,
    clock,
    pacer,
    explain,
    isRefusal,
  })
}
