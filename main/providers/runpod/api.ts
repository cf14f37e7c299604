import { HttpApi } from '../http/http-api.ts'
import type { Pacer } from '../http/pacer.ts'
import type { Account, ProviderContext } from '../provider.ts'
import { explain } from './errors.ts'
import type { RunpodPlace } from './place.ts'

/** Requests with one account's key. */
export function runpodApi(
  { credentials }: Account,
  { clock }: ProviderContext,
  { baseUrl, requestTimeoutMs }: RunpodPlace,
  pacer: Pacer,
): HttpApi {
  return new HttpApi({
    name: 'RunPod',
    baseUrl,
    headers: { authorization: `Bearer ${credentials['apiKey'] ?? ''}` },
    requestTimeoutMs,
    clock,
    pacer,
    explain,
  })
}
