import type { z } from 'zod'
import { bearerApi } from '../http/bearer-api.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { Pacer } from '../http/pacer.ts'
import type { Account, ProviderContext } from '../provider.ts'
import { explain } from './errors.ts'
import type { CloudPlace } from '../http/place.ts'

/** Requests with one team's key. */
export function paperspaceApi(
  { credentials }: Account,
  context: ProviderContext,
  place: CloudPlace,
  pacer: Pacer,
): HttpApi {
  const key = credentials['apiKey']
  return bearerApi({ name: 'Paperspace', key, pacer, explain }, context, place)
}

interface Page<Item> {
  readonly hasMore: boolean
  readonly nextPage?: string | null | undefined
  readonly items: readonly Item[]
}

/** Every row of a list, by pages of the largest size: 120. */
export async function* rowsOf<Item>(
  api: HttpApi,
  schema: z.ZodType<Page<Item>>,
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): AsyncGenerator<Item> {
  let after: string | undefined
  do {
    const call = { method: 'GET', path, query: { ...query, limit: 120, after } } as const
    const page = await api.call(schema, call, signal)
    yield* page.items
    after = page.hasMore ? (page.nextPage ?? undefined) : undefined
  } while (after !== undefined)
}
