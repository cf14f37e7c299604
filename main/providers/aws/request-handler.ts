import { readBody } from '../http/read-body.ts'

/** A request as the SDK hands it over, signed. */
interface SdkRequest {
  readonly protocol: string
  readonly hostname: string
  readonly port?: number | undefined
  readonly path: string
  readonly query?: Readonly<Record<string, string | string[] | null>> | undefined
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** More than any answer of these APIs. */
const mostBytes = 64 * 2 ** 20

/**
 * Sends the SDK's requests: with a time limit that really ends them, a limit of size, and without
 * following redirects, which would carry the signature elsewhere.
 */
export function requestHandler(requestTimeoutMs: number) {
  return {
    handle: async (
      { protocol, hostname, port, path, query = {}, method, headers, body }: SdkRequest,
      { abortSignal }: { readonly abortSignal?: unknown } = {},
    ) => {
      const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`)
      for (const [key, value] of Object.entries(query)) {
        for (const one of [value ?? ''].flat()) url.searchParams.append(key, one)
      }
      const limit = AbortSignal.timeout(requestTimeoutMs)
      const { host: _host, 'content-length': _length, ...rest } = headers
      const response = await fetch(url, {
        method,
        redirect: 'manual',
        headers: rest,
        ...(body === undefined || method === 'GET'
          ? {}
          : { body: body as string | Uint8Array<ArrayBuffer> }),
        signal: abortSignal instanceof AbortSignal ? AbortSignal.any([abortSignal, limit]) : limit,
      })
      const text = await readBody(response, mostBytes)
      if (text === null) throw new Error(`The answer is larger than ${mostBytes} bytes`)
      return {
        response: {
          statusCode: response.status,
          headers: Object.fromEntries(response.headers),
          body: Buffer.from(text, 'utf8'),
        },
      }
    },
  }
}
