import type { z } from 'zod'
import type { ErrorCode } from '../../../preload/contract/errors.ts'
import { SubletError } from '../../domain/errors.ts'
import { readEndpoint, startSandbox } from './launcher.ts'
import type { SandboxDeps } from './launcher.ts'
import { pageSchema, wireErrorSchema } from './wire.ts'
import type { Endpoint } from './wire.ts'

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: unknown
}

const codes: Readonly<Record<string, ErrorCode>> = {
  UNAUTHENTICATED: 'auth',
  PERMISSION_DENIED: 'permission',
  QUOTA_EXCEEDED: 'quota',
  NO_CAPACITY: 'no-capacity',
  PRICE_MOVED: 'price-moved',
  NOT_FOUND: 'not-found',
  RATE_LIMITED: 'rate-limited',
  INVALID: 'invalid',
  CONFLICT: 'conflict',
  BUSY: 'conflict',
}

/** Speaks to the sandbox; starts it when it does not run, once more when it has just ended. */
export class SandboxApi {
  readonly #stateDir: string
  readonly #deps: SandboxDeps
  #starting: Promise<Endpoint> | null = null

  constructor(stateDir: string, deps: SandboxDeps) {
    this.#stateDir = stateDir
    this.#deps = deps
  }

  /** One request. Fails with a provider code; `unavailable` leaves the effect unknown. */
  async call<T extends z.ZodType>(schema: T, call: Call, signal: AbortSignal): Promise<z.infer<T>> {
    const endpoint = readEndpoint(this.#stateDir) ?? (await this.#start(null, signal))
    try {
      return await send(schema, endpoint, call, this.#deps.requestTimeoutMs, signal)
    } catch (error) {
      if (!(error instanceof SandboxGone)) throw error
      // Nobody listened, so nothing has happened: it is safe to ask again.
      const next = await this.#start(endpoint, signal)
      return send(schema, next, call, this.#deps.requestTimeoutMs, signal)
    }
  }

  /** All items of a paged list; `limit` asks for pages of that size. */
  async *pages<T extends z.ZodType>(
    item: T,
    path: string,
    signal: AbortSignal,
    limit?: number,
  ): AsyncIterable<z.infer<T>> {
    let cursor: string | null = null
    do {
      const query = new URLSearchParams({
        ...(cursor === null ? {} : { cursor }),
        ...(limit === undefined ? {} : { limit: String(limit) }),
      })
      const page: { items: z.infer<T>[]; next: string | null } = await this.call(
        pageSchema(item),
        { method: 'GET', path: query.size === 0 ? path : `${path}?${query.toString()}` },
        signal,
      )
      yield* page.items
      cursor = page.next
    } while (cursor !== null)
  }

  #start(stale: Endpoint | null, signal: AbortSignal): Promise<Endpoint> {
    this.#starting ??= startSandbox(this.#stateDir, this.#deps, stale, signal).finally(() => {
      this.#starting = null
    })
    return this.#starting
  }
}

/** Nothing listens where the sandbox was: the request has certainly had no effect. */
export class SandboxGone extends SubletError {
  constructor(cause: unknown) {
    super('unavailable', 'The sandbox has just ended; try again.', {
      nativeCode: 'ECONNREFUSED',
      cause,
    })
  }
}

/** One request to an endpoint that is known, without starting anything. */
export async function send<T extends z.ZodType>(
  schema: T,
  endpoint: Endpoint,
  call: Call,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<z.infer<T>> {
  const limit = AbortSignal.timeout(timeoutMs)
  let response: Response
  let text: string
  try {
    response = await fetch(endpoint.url + call.path, {
      method: call.method,
      headers: { authorization: `Bearer ${endpoint.token}`, 'content-type': 'application/json' },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      signal: AbortSignal.any([signal, limit]),
      redirect: 'manual',
    })
    text = await response.text()
  } catch (error) {
    throw connectionError(error, call, timeoutMs, signal, limit)
  }
  if (isSomebodyElse(response)) throw intercepted(call, response)
  const answer = parseJson(text)
  if (!response.ok) throw answerError(response, answer)
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  throw new SubletError(
    'unavailable',
    'The sandbox gave an answer that cannot be read; try again.',
    {
      nativeCode: `${call.method} ${call.path}`,
      cause: parsed.error,
    },
  )
}

function connectionError(
  error: unknown,
  call: Call,
  timeoutMs: number,
  signal: AbortSignal,
  limit: AbortSignal,
): SubletError {
  if (signal.aborted)
    return new SubletError('cancelled', 'The request to the sandbox was cancelled.', {
      cause: error,
    })
  if (limit.aborted) {
    return new SubletError(
      'unavailable',
      `The sandbox did not answer within ${timeoutMs / 1000} s; try again.`,
      {
        nativeCode: `time-out ${call.method} ${call.path}`,
      },
    )
  }
  const cause =
    error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined
  if (cause?.code === 'ECONNREFUSED') return new SandboxGone(error)
  return new SubletError('unavailable', 'The connection to the sandbox broke; try again.', {
    nativeCode: cause?.code ?? String(error),
    cause: error,
  })
}

/** The API answers in JSON and redirects nowhere. */
function isSomebodyElse({ status, headers }: Response): boolean {
  const type = headers.get('content-type') ?? ''
  return (status >= 300 && status < 400) || type.startsWith('text/html')
}

function intercepted(call: Call, { status, headers }: Response): SubletError {
  return new SubletError(
    'unavailable',
    'Something else answers in the place of the sandbox, perhaps the log-in page of this network: open a browser and log in there; Sublet tries again.',
    {
      nativeCode: `HTTP ${status} ${headers.get('content-type') ?? ''} ${call.method} ${call.path}`,
    },
  )
}

/** Seconds or a date; null for what is neither. */
function retryAfterMs(header: string | null): number | null {
  if (header === null) return null
  const seconds = Number(header)
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}

/** Where the cloud's own words say neither who refuses nor what to do. */
const sentences: Readonly<Record<string, string>> = {
  UNAUTHENTICATED:
    'The sandbox refuses its access key: end it with "sublet sandbox stop --force" and run again.',
  PERMISSION_DENIED:
    'The sandbox denies this account the permission for it: take another account, or have it granted.',
  QUOTA_EXCEEDED:
    'The quota of the sandbox account is used up: release a machine (sublet instances), or ask for a smaller one.',
}

function answerError(response: Response, answer: unknown): SubletError {
  const parsed = wireErrorSchema.safeParse(answer)
  if (!parsed.success) {
    return new SubletError(
      'unavailable',
      'The sandbox gave an answer that cannot be read; try again.',
      { nativeCode: `HTTP ${response.status}` },
    )
  }
  const { code, message } = parsed.data.error
  const againAfterMs = retryAfterMs(response.headers.get('retry-after'))
  const known = codes[code]
  const sentence =
    known === undefined
      ? `The sandbox cannot do that at the moment (${message.replace(/\.$/, '')}); Sublet asks again.`
      : (sentences[code] ?? message)
  return new SubletError(known ?? 'unavailable', sentence, {
    nativeCode: `${code} (HTTP ${response.status}): ${message}`,
    ...(againAfterMs === null ? {} : { retryAfterMs: againAfterMs }),
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // Reported by the schema as an answer that cannot be read.
    return undefined
  }
}
