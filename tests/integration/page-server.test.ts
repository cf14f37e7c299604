import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { webSocketTransport } from '../../main/rpc/client/web-socket-transport.ts'
import type { Transport } from '../../main/rpc/client/transport.ts'
import { startPageServer } from '../../main/serve/http-server.ts'
import type { PageServer } from '../../main/serve/http-server.ts'
import { Sessions } from '../../main/serve/sessions.ts'
import { eventually } from '../support/eventually.ts'

let top: string
let sessions: Sessions
let server: PageServer
let renderers: Transport[]

beforeEach(async () => {
  top = mkdtempSync(join(tmpdir(), 'sublet-pages-'))
  mkdirSync(join(top, 'renderer', 'assets'), { recursive: true })
  writeFileSync(join(top, 'secret.html'), 'secret')
  writeFileSync(join(top, 'renderer', 'index.html'), '<!doctype html>')
  writeFileSync(join(top, 'renderer', 'assets', 'main-a1b2.js'), 'export {}')
  sessions = new Sessions()
  renderers = []
  server = await startPageServer({
    sessions,
    folder: join(top, 'renderer'),
    port: 0,
    onRenderer: (renderer) => renderers.push(renderer),
  })
})

afterEach(async () => {
  await server.close()
  rmSync(top, { recursive: true })
})

interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port: server.port, path, method, headers },
      (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (text: string) => {
          body += text
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        )
      },
    )
    asked.on('error', reject)
    asked.end()
  })
}

async function enter(): Promise<{ readonly cookie: string; readonly key: string }> {
  const { status, headers, body } = await get(`/open/${sessions.newToken()}`)
  expect(status).toBe(200)
  const [cookie = ''] = headers['set-cookie'] ?? []
  expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/)
  const key = /data-key="([\w-]{43})"/.exec(body)?.[1] ?? ''
  expect(key).not.toBe('')
  return { cookie: cookie.split(';')[0] ?? '', key }
}

function dial(headers: Record<string, string>, key?: string): Promise<WebSocket | number> {
  return new Promise((resolve) => {
    const protocols = key === undefined ? [] : ['sublet', key]
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/engine`, protocols, { headers })
    socket.on('open', () => resolve(socket))
    socket.on('unexpected-response', (asked, response) => {
      asked.destroy()
      resolve(response.statusCode ?? 0)
    })
    socket.on('error', () => undefined)
  })
}

const origin = () => `http://127.0.0.1:${server.port}`

test('a link lets in once, and nobody gets in without one', async () => {
  expect((await get('/')).status).toBe(403)
  expect((await get('/assets/main-a1b2.js')).status).toBe(403)
  expect((await get('/open/guess')).status).toBe(403)
  const token = sessions.newToken()
  expect((await get(`/open/${token}`)).status).toBe(200)
  expect((await get(`/open/${token}`)).status).toBe(403)
  const { cookie } = await enter()
  expect((await get('/', { cookie })).body).toBe('<!doctype html>')
  expect((await get(`/open/${token}`, { cookie })).status).toBe(200)
})

test('asking only for the headers of a link does not use it up', async () => {
  const token = sessions.newToken()
  expect((await get(`/open/${token}`, {}, 'HEAD')).status).toBe(403)
  expect((await get(`/open/${token}`)).status).toBe(200)
})

test('every answer is guarded, and only hashed files are kept', async () => {
  const { cookie } = await enter()
  const page = await get('/', { cookie })
  expect(page.headers['content-security-policy']).toBe(
    `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self' ws://127.0.0.1:${server.port} ws://localhost:${server.port}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  )
  expect(page.headers['x-content-type-options']).toBe('nosniff')
  expect(page.headers['cache-control']).toBe('no-store')
  const script = await get('/assets/main-a1b2.js', { cookie })
  expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
  expect(script.headers['cache-control']).toContain('immutable')
  for (const answer of [await get('/'), await get('/none.js', { cookie })]) {
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
  }
})

test.each([
  '/../secret.html',
  '/%2e%2e/secret.html',
  '/..%2fsecret.html',
  '/assets/..%5c..%5csecret.html',
  '/%00',
  '/%',
  '//etc/passwd',
  '/assets',
])('no path leads out of the folder: %s', async (path) => {
  const { cookie } = await enter()
  const answer = await get(path, { cookie })
  expect(answer.status).toBe(404)
})

test('another name, origin or method is refused', async () => {
  const { cookie } = await enter()
  expect((await get('/', { cookie, host: 'evil.example' })).status).toBe(421)
  expect((await get('/', { cookie, host: `evil.example:${server.port}` })).status).toBe(421)
  expect((await get('/', { cookie, origin: 'http://evil.example' })).status).toBe(421)
  expect((await get('/', { cookie }, 'POST')).status).toBe(405)
  expect((await get('/', { cookie, host: `localhost:${server.port}` })).status).toBe(200)
})

test('the engine is reached with cookie, key and from the own page only', async () => {
  const { cookie, key } = await enter()
  const other = await enter()
  expect(await dial({}, key)).toBe(403)
  expect(await dial({ cookie }, key)).toBe(403)
  expect(await dial({ origin: origin() }, key)).toBe(403)
  expect(await dial({ cookie, origin: origin() })).toBe(403)
  expect(await dial({ cookie, origin: origin() }, other.key)).toBe(403)
  expect(await dial({ cookie, origin: 'http://127.0.0.1:1' }, key)).toBe(403)
  expect(await dial({ cookie: 'sublet-1=x', origin: origin() }, key)).toBe(403)
  expect(renderers).toHaveLength(0)
  const socket = await dial({ cookie, origin: origin() }, key)
  expect(socket).toBeInstanceOf(WebSocket)
  expect(socket).toMatchObject({ protocol: 'sublet' })
  await eventually(() => renderers.length === 1)
})

/** A page's connection, from a link on. */
async function connected(): Promise<WebSocket> {
  const { cookie, key } = await enter()
  const socket = await dial({ cookie, origin: origin() }, key)
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`)
  return socket
}

test('messages pass in order, and both ends hear of a close', async () => {
  // The ws client is a browser's WebSocket in all that the transport uses.
  const page = webSocketTransport((await connected()) as unknown as globalThis.WebSocket)
  await eventually(() => renderers.length === 1)
  const [host] = renderers
  const [atHost, atPage, reasons]: [unknown[], unknown[], string[]] = [[], [], []]
  host?.receive((message) => atHost.push(message))
  page.receive((message) => atPage.push(message))
  for (let n = 0; n < 300; n += 1) {
    page.send({ n })
    host?.send({ n })
  }
  await eventually(() => atHost.length === 300 && atPage.length === 300)
  expect(atHost).toEqual(atPage)
  page.onClose((reason) => reasons.push(reason))
  host?.close('ü'.repeat(200))
  await eventually(() => reasons.length === 1)
  expect(reasons[0]).toMatch(/^ü{40,60}$/)
})

test('what is no JSON ends the connection', async () => {
  const socket = await connected()
  let closed = false
  socket.on('close', () => {
    closed = true
  })
  socket.send('{')
  await eventually(() => closed)
})

test('a broken request does no harm', async () => {
  const socket = connect(server.port, '127.0.0.1')
  socket.write('GET /engine HTTP/1.1\r\nUpgrade: nothing\r\nConnection: Upgrade\r\n\r\n')
  await new Promise((resolve) => {
    socket.on('close', resolve)
    socket.resume()
  })
  expect((await get('/')).status).toBe(403)
})

test('whoever hangs up while being refused does no harm', async () => {
  for (let round = 0; round < 50; round += 1) {
    const socket = connect(server.port, '127.0.0.1')
    socket.on('error', () => undefined)
    const closed = new Promise((resolve) => {
      socket.on('close', resolve)
    })
    const ask =
      'GET /engine HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'
    socket.write(ask, () => setImmediate(() => socket.resetAndDestroy()))
    await closed
  }
  // The host would have ended with an uncaught error.
  expect((await get('/')).status).toBe(403)
})
