import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { HttpApi } from '../../../main/providers/http/http-api.ts'
import { steppingClock } from '../../support/stepping-clock.ts'

const forever = new AbortController().signal
const turns: string[] = []
let server: Server
let api: HttpApi

beforeAll(async () => {
  server = createServer(({ url }, response) => {
    const header = url === '/both' ? { 'retry-after': '7' } : {}
    response.writeHead(200, header).end(JSON.stringify({ success: url === '/fine' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  api = new HttpApi({
    name: 'Test',
    baseUrl: `http://127.0.0.1:${port}`,
    headers: {},
    requestTimeoutMs: 2_000,
    clock: steppingClock(0),
    pacer: { turn: async (_signal, { path }) => void turns.push(path) },
    isRefusal: (body) => JSON.stringify(body) === '{"success":false}',
    explain: () => ({
      code: 'rate-limited',
      message: 'Too fast.',
      retryAfterMs: 4_500,
      details: { newContract: 12 },
    }),
  })
})
afterAll(() => void server.close())

const ask = (path: string) => api.call(z.unknown(), { method: 'GET', path }, forever)

it('takes an answer below 300 for a refusal where the provider says so in its body', async () => {
  await expect(ask('/refused')).rejects.toMatchObject({
    code: 'rate-limited',
    extras: { nativeCode: 'HTTP 200', retryAfterMs: 4_500, details: { newContract: 12 } },
  })
  expect(await ask('/fine')).toEqual({ success: true })
})

it('believes the header for how long to wait, before the words', async () => {
  await expect(ask('/both')).rejects.toMatchObject({ extras: { retryAfterMs: 7_000 } })
})

it('tells the pacer which endpoint is asked', () => {
  expect(turns).toEqual(['/refused', '/fine', '/both'])
})
