import { bearerApi } from '../http/bearer-api.ts'
import type { HttpApi, Turns } from '../http/http-api.ts'
import type { Account, ProviderContext } from '../provider.ts'
import { explain, isRefusal } from './errors.ts'
import type { VastPlace } from './place.ts'

/** Requests with one account's key. Paths have the trailing slash that the official client sends. */
export function vastApi(
  { credentials }: Account,
  context: ProviderContext,
  place: VastPlace,
  pacer: Turns,
): HttpApi {
  const key = credentials['apiKey']
  return bearerApi({ name: 'Vast.ai', key, pacer, explain, isRefusal }, context, place)
}
