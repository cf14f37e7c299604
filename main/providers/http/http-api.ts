import type { z } from 'zod'
import type { Clock } from '../../domain/clock.ts'
import { SubletError } from '../../domain/errors.ts'
import type { Explained, Refusal } from './explain.ts'
import { readBody } from './read-body.ts'
import { retryAfterMs as retryAfterIn } from './retry-after.ts'

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the base address, beginning with `/`; variable parts are encoded by the caller. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  /** Sent as JSON. */
  readonly body?: unknown
}

/** Says when a request may go: a Pacer, or several where a provider counts by endpoint. */
export interface Turns {
  turn(signal: AbortSignal, call: HttpCall): Promise<void>
}

/** What the requests to one account of one provider have in common. */
export interface HttpRules {
  /** The provider's name, for sentences. */
  readonly name: string
  /** Without a slash at its end. */
  readonly baseUrl: string
  /** The account's key is in here and nowhere else. */
  readonly headers: Readonly<Record<string, string>>
  readonly requestTimeoutMs: number
  readonly clock: Clock
  readonly pacer: Turns
  readonly explain: (refusal: Refusal) => Explained
  /** Whether an answer below 300 is a refusal all the same, by its body. */
  readonly isRefusal?: (body: unknown) => boolean
  /** A header that says, in seconds since 1970, when a limit ends, where there is no Retry-After. */
  readonly limitEndsHeader?: string
}

/** More than any provider's whole list of offers. */
const mostBytes = 64 * 2 ** 20

/**
 * JSON requests to a provider: paced, limited in time and size, and never repeated. Redirects are
 * not followed, as they would carry the key elsewhere.
 */
export class HttpApi {
  readonly #rules: HttpRules

  constructor(rules: HttpRules) {
    this.#rules = rules
  }

  /**
   * One request, its answer held to the schema (null for an empty one). Fails with a provider code;
   * `unavailable` leaves the effect unknown, `cancelled` too once the request has gone out.
   */
  async call<T extends z.ZodType>(
    schema: T,
    call: HttpCall,
    signal: AbortSignal,
  ): Promise<z.infer<T>> {
    const { name, pacer, explain, isRefusal } = this.#rules
    const asked = `${call.method} ${call.path}`
    throwIfCancelled(signal)
    await pacer.turn(signal, call).catch((thrown: unknown) => {
      throwIfCancelled(signal)
      throw thrown
    })
    const { status, text, waitMs } = await this.#send(call, signal)
    const body = parsed(text)
    if (status >= 300 || isRefusal?.(body) === true) {
      const explained = explain({ status, body, asked })
      const { code, message, nativeCode = `HTTP ${status}`, details } = explained
      const retryAfterMs = waitMs ?? explained.retryAfterMs
      throw new SubletError(code, message, {
        nativeCode,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        ...(details === undefined ? {} : { details }),
      })
    }
    const read = schema.safeParse(body)
    if (read.success) return read.data
    const [issue] = read.error.issues
    throw new SubletError(
      'unavailable',
      `${name} answered ${asked} in a way that Sublet cannot read. Sublet asks again; an update may be needed.`,
      { nativeCode: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` },
    )
  }

  async #send(
    { method, path, query = {}, body }: HttpCall,
    signal: AbortSignal,
  ): Promise<{
    readonly status: number
    readonly text: string
    /** How long to wait, where the answer says so. */
    readonly waitMs: number | null
  }> {
    const { name, baseUrl, headers, requestTimeoutMs } = this.#rules
    const url = new URL(baseUrl + path)
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.append(key, String(value))
    }
    const limit = AbortSignal.timeout(requestTimeoutMs)
    try {
      const response = await fetch(url, {
        method,
        redirect: 'manual',
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.any([signal, limit]),
      })
      const text = await readBody(response, mostBytes)
      if (text === null) throw new Error(`The answer is larger than ${mostBytes} bytes`)
      return { status: response.status, text, waitMs: this.#waitMs(response) }
    } catch (error) {
      throwIfCancelled(signal)
      const why = limit.aborted
        ? `did not answer within ${Math.round(requestTimeoutMs / 1_000)} s`
        : 'could not be reached'
      throw new SubletError('unavailable', `${name} ${why}. Sublet asks again.`, {
        nativeCode: causeOf(error),
        cause: error,
      })
    }
  }

  #waitMs({ status, headers }: Response): number | null {
    const { clock, limitEndsHeader } = this.#rules
    const waitMs = retryAfterIn(headers.get('retry-after'), clock.now())
    if (waitMs !== null || status !== 429 || limitEndsHeader === undefined) return waitMs
    const endsAt = Number(headers.get(limitEndsHeader) ?? Number.NaN) * 1_000
    return Number.isFinite(endsAt) ? Math.max(0, endsAt - clock.now()) : null
  }
}

function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) {
    throw new SubletError('cancelled', 'The operation was cancelled.', { cause: signal.reason })
  }
}

function parsed(text: string): unknown {
  if (text.trim() === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return text // The schema, or whoever explains the refusal, says what it makes of it.
  }
}

/** `ECONNREFUSED` and the like lie in the cause of fetch's own error. */
function causeOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = inner instanceof Error && 'code' in inner ? String(inner.code) : ''
  return code || (inner instanceof Error ? inner.message : String(inner))
}
