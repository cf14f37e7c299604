import { bearerApi } from '../http/bearer-api.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { Pacer } from '../http/pacer.ts'
import type { Account, ProviderContext } from '../provider.ts'
import { explain } from './errors.ts'
import type { CloudPlace } from '../http/place.ts'

/** Requests with one account's key. */
export function lambdaApi(
  { credentials }: Account,
  context: ProviderContext,
  place: CloudPlace,
  pacer: Pacer,
): HttpApi {
  const key = credentials['apiKey']
  return bearerApi({ name: 'Lambda', key, pacer, explain }, context, place)
}
