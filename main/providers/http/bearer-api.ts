import type { ProviderContext } from '../provider.ts'
import { HttpApi, type HttpRules } from './http-api.ts'
import type { CloudPlace } from './place.ts'

/** What one provider's requests have of their own. */
export interface BearerRules extends Omit<
  HttpRules,
  'baseUrl' | 'headers' | 'requestTimeoutMs' | 'clock'
> {
  /** The account's; it goes into the Authorization header (RFC 6750) and nowhere else. */
  readonly key: string | undefined
}

/** Requests to a provider that knows an account by one key. */
export function bearerApi(
  { key = '', ...rules }: BearerRules,
  { clock }: Pick<ProviderContext, 'clock'>,
  { baseUrl, requestTimeoutMs }: Omit<CloudPlace, 'sshPort'>,
): HttpApi {
  const headers = { authorization: `Bearer ${key}` }
  return new HttpApi({ ...rules, baseUrl, headers, requestTimeoutMs, clock })
}
