import { bearerApi } from '../http/bearer-api.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { Pacer } from '../http/pacer.ts'
import type { Account, ProviderContext } from '../provider.ts'
import { explain } from './errors.ts'
import type { RunpodPlace } from './place.ts'

/** Requests with one account's key. */
export function runpodApi(
  { credentials }: Account,
  context: ProviderContext,
  place: RunpodPlace,
  pacer: Pacer,
): HttpApi {
  const key = credentials['apiKey']
  return bearerApi({ name: 'RunPod', key, pacer, explain }, context, place)
}
