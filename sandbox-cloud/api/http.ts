import { timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { errorOf } from '../fault-errors.ts'
import type { Faults, Operation, RequestEffect } from '../faults.ts'
import { ApiError, notFound } from './errors.ts'

/** A request after parsing. `body` is unknown JSON; `parameters` come from the path. */
export interface ApiRequest {
  readonly parameters: readonly string[]
  readonly query: URLSearchParams
  readonly body: unknown
}

/** One route. `operation` is what faults are limited by; null: faults never touch it (control). */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: RegExp
  readonly operation: Operation | null
  readonly handle: (request: ApiRequest) => unknown
}

const maximumBodyBytes = 1024 * 1024

/** The HTTP server: bearer token, JSON in and out, and the faults around every operation. */
export function apiServer(parts: {
  readonly token: string
  readonly routes: readonly Route[]
  readonly faults: Faults
  readonly active: () => void
}): Server {
  const { token, routes, faults } = parts
  return createServer((request, response) => {
    // A kept connection could break under the next request, whose effect would then be unknown.
    response.setHeader('connection', 'close')
    parts.active()
    void answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) sendError(response, error)
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!authorised(request, token))
      throw new ApiError(401, 'UNAUTHENTICATED', 'The access token is not valid.')
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const found = findRoute(routes, request.method ?? 'GET', url.pathname)
    if (found === null) throw notFound(`path ${url.pathname}`)
    const body = await readBody(request)
    const type = (body as { type?: unknown } | null)?.type
    const effects =
      found.route.operation === null
        ? []
        : faults.strike(found.route.operation, typeof type === 'string' ? type : undefined)
    if (await strike(effects, 'before', response)) return
    const value = await found.route.handle({
      parameters: found.parameters,
      query: url.searchParams,
      body,
    })
    if (await strike(effects, 'after', response)) return
    send(response, 200, value)
  }
}

/** Lets the effects happen; true when nothing more is to be answered. */
async function strike(
  effects: readonly RequestEffect[],
  when: 'before' | 'after',
  response: ServerResponse,
): Promise<boolean> {
  for (const effect of effects) {
    const moment = 'when' in effect ? effect.when : effect.kind === 'garbage' ? 'after' : 'before'
    if (moment !== when) continue
    if (effect.kind === 'latency') await delay(effect.ms)
    else if (effect.kind === 'timeout') return true
    else if (effect.kind === 'disconnect') {
      response.destroy()
      return true
    } else if (effect.kind === 'garbage') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('<html>Bad gateway')
      return true
    } else if (effect.kind === 'captive-portal') {
      response
        .writeHead(effect.status, {
          'content-type': 'text/html; charset=utf-8',
          ...(effect.status === 302 ? { location: 'http://127.0.0.1:9/login' } : {}),
        })
        .end('<!doctype html><title>Log in to the network</title>')
      return true
    } else {
      const error = errorOf(effect)
      if (error !== null) throw error
    }
  }
  return false
}

function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { readonly route: Route; readonly parameters: readonly string[] } | null {
  for (const route of routes) {
    const match = route.method === method ? route.path.exec(path) : null
    if (match !== null)
      return { route, parameters: match.slice(1).map((part) => decodeURIComponent(part ?? '')) }
  }
  return null
}

function authorised(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > maximumBodyBytes) throw new ApiError(413, 'INVALID', 'The request is too large.')
    parts.push(part)
  }
  if (bytes === 0) return null
  try {
    return JSON.parse(Buffer.concat(parts).toString()) as unknown
  } catch (error) {
    throw new ApiError(400, 'INVALID', `The request is not JSON: ${String(error)}`)
  }
}

function send(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify(value ?? null))
}

function sendError(response: ServerResponse, thrown: unknown): void {
  const error =
    thrown instanceof z.ZodError ? new ApiError(422, 'INVALID', z.prettifyError(thrown)) : thrown
  if (!(error instanceof ApiError)) {
    send(response, 500, {
      error: { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) },
    })
    return
  }
  const headers =
    error.retryAfterMs === null
      ? {}
      : { 'retry-after': String(Math.ceil(error.retryAfterMs / 1000)) }
  send(response, error.status, { error: { code: error.code, message: error.message } }, headers)
}
