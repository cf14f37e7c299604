import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { z } from 'zod'
import { SubletError } from '../../../main/domain/errors.ts'
import { send } from '../../../main/providers/sandbox/api.ts'

let server: Server | null = null
afterEach(() => server?.close())

/** What a call makes of one answer, whoever gives it. */
async function failure(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<SubletError> {
  server = createServer((_, response) => {
    response.writeHead(status, { connection: 'close', ...headers }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const endpoint = { url: `http://127.0.0.1:${port}`, token: 't', pid: 1, startedAt: 1 }
  const call = { method: 'DELETE', path: '/v1/machines/m' } as const
  try {
    await send(z.unknown(), endpoint, call, 5_000, new AbortController().signal)
  } catch (thrown) {
    if (thrown instanceof SubletError) return thrown
    throw thrown
  }
  throw new Error('It was believed.')
}

it.each([
  [302, { location: 'http://127.0.0.1:9/login' }],
  [307, { location: 'http://127.0.0.1:9/login' }],
  [200, { 'content-type': 'text/html; charset=utf-8' }],
  [404, { 'content-type': 'text/html' }],
])('takes a log-in page (%i) for nobody’s answer', async (status, headers) => {
  const error = await failure(status, headers, '<html>Log in</html>')
  expect(error).toMatchObject({ code: 'unavailable' })
  expect(error.message).toMatch(/log-in page of this network.*open a browser/)
})

it.each([
  ['3', 3_000, 3_000],
  [new Date(Date.now() + 60_000).toUTCString(), 50_000, 61_000],
  ['soon', undefined, undefined],
])('reads Retry-After: %s', async (header, least, most) => {
  const body = JSON.stringify({ error: { code: 'RATE_LIMITED', message: 'Too many requests.' } })
  const error = await failure(
    429,
    { 'content-type': 'application/json', 'retry-after': header },
    body,
  )
  expect(error.code).toBe('rate-limited')
  const { retryAfterMs } = error.extras
  if (least === undefined) expect(retryAfterMs).toBeUndefined()
  else {
    expect(retryAfterMs).toBeGreaterThanOrEqual(least)
    expect(retryAfterMs).toBeLessThanOrEqual(most)
  }
})
