import type { z } from 'zod'
import { bearerApi } from '../http/bearer-api.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { Pacer } from '../http/pacer.ts'
import type { Account, ProviderContext } from '../provider.ts'
import { explain } from './errors.ts'
import type { CloudPlace } from '../http/place.ts'

/** Requests with one account's token. */
export function digitalOceanApi(
  { credentials }: Account,
  context: ProviderContext,
  place: CloudPlace,
  pacer: Pacer,
): HttpApi {
  const key = credentials['token']
  return bearerApi(
    { name: 'DigitalOcean', key, pacer, explain, limitEndsHeader: 'ratelimit-reset' },
    context,
    place,
  )
}

interface Paged {
  readonly links?:
    | { readonly pages?: { readonly next?: string | undefined } | null | undefined }
    | null
    | undefined
}

/** Every page of a list, the largest that there are: 200 rows. */
export async function* pagesOf<Page extends Paged>(
  api: HttpApi,
  schema: z.ZodType<Page>,
  path: string,
  query: Readonly<Record<string, string | boolean>>,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  for (let page = 1; ; page += 1) {
    const answer = await api.call(
      schema,
      { method: 'GET', path, query: { ...query, per_page: 200, page } },
      signal,
    )
    yield answer
    if (answer.links?.pages?.next === undefined) return
  }
}
