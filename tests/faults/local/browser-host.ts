import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { WebSocket } from 'ws'
import type { TestUser } from '../../support/cli.ts'
import { ask, open, serve, type PageSession } from '../../support/page-host.ts'
import { broke, held, type Injection } from '../fault-class.ts'

/** Ways out of the folder of pages, as a browser would never write them. */
const traversals = [
  '/../../../../etc/passwd',
  '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
  '/..%2f..%2f..%2fetc%2fpasswd',
  '/assets/..%5c..%5c..%5cpackage.json',
  '/....//....//etc/passwd',
  '//etc/passwd',
  '/assets/../../../package.json',
  '/%00/etc/passwd',
]
const guesses = 300

/** Pages, programs and users of this computer without a link, at the running browser host. */
export async function* browserHost(user: TestUser): AsyncGenerator<Injection> {
  const host = await serve(user)
  try {
    const [link = ''] = host.links()
    const port = Number(new URL(link).port)
    const locked = await ask(port, '/')
    yield locked.status === 403
      ? held('the pages without a link')
      : broke('the pages without a link', `answered ${locked.status}`)
    yield await guessed(port)
    const session = await open(link)
    if (session === null) {
      yield broke('the own link', 'it does not let in, so that nothing below means anything')
      return
    }
    yield (await open(link)) === null
      ? held('a used link')
      : broke('a used link', 'it lets in again')
    const other = await open(await host.enter())
    yield* requests(port, session)
    yield* sockets(port, session, other ?? session)
    const page = await ask(port, '/', { headers: { cookie: session.cookie } })
    yield* said(page.headers)
    yield page.status === 200
      ? held('the own page, after all that')
      : broke('the own page, after all that', `answered ${page.status}`)
  } finally {
    await host.stop()
  }
}

async function guessed(port: number): Promise<Injection> {
  const what = `${guesses} guessed links, short, long and of the right form`
  for (let n = 0; n < guesses; n += 1) {
    const token = n % 3 === 0 ? randomBytes(32).toString('base64url') : 'x'.repeat(n * 10)
    const { status } = await ask(port, `/open/${token}`)
    if (status !== 403) return broke(what, `number ${n} was answered with ${status}`)
  }
  return held(what)
}

/** What a foreign page can make a browser send, with the cookie that it would add. */
async function* requests(port: number, { cookie }: PageSession): AsyncGenerator<Injection> {
  const own = `127.0.0.1:${port}`
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const cases: readonly [string, Parameters<typeof ask>[2] & {}, string?][] = [
    ['a rebound DNS name', { headers: { cookie, host: `evil.example:${port}` } }],
    ['a rebound name without port', { headers: { cookie, host: 'evil.example' } }],
    [
      'a name that begins like ours',
      { headers: { cookie, host: `127.0.0.1.evil.example:${port}` } },
    ],
    ['another port of ours', { headers: { cookie, host: '127.0.0.1:1' } }],
    ['a foreign origin', { headers: { cookie, host: own, origin: 'https://evil.example' } }],
    ['the origin null', { headers: { cookie, host: own, origin: 'null' } }],
    ['a form of ours', { method: 'POST', headers: { cookie, ...form }, body: 'a=b' }],
    [
      'a foreign form',
      { method: 'POST', headers: { cookie, ...form, origin: 'https://evil.example' } },
    ],
    ['a form at the engine', { method: 'POST', headers: { cookie, ...form } }, '/engine'],
    ['a preflight', { method: 'OPTIONS', headers: { cookie, origin: 'https://evil.example' } }],
    ['a file put there', { method: 'PUT', headers: { cookie }, body: 'x' }, '/index.html'],
    ['a cookie of nobody', { headers: { cookie: `sublet-${port}=${'x'.repeat(43)}` } }],
    ['a cookie of another port', { headers: { cookie: cookie.replace(String(port), '1') } }],
  ]
  for (const [what, options, path = '/'] of cases) {
    const { status, headers } = await ask(port, path, options)
    const isShared = Object.keys(headers).some((name) => name.startsWith('access-control-'))
    if (status < 400) yield broke(what, `answered ${status}`)
    else yield isShared ? broke(what, 'another origin may read the answer') : held(what)
  }
  for (const path of traversals) {
    const { status, body } = await ask(port, path, { headers: { cookie } })
    const what = `the path ${path}`
    yield status === 404 && !body.includes('root:')
      ? held(what)
      : broke(what, `answered ${status} with ${body.slice(0, 80)}`)
  }
  const what = 'a request without a host name'
  const answer = await raw(port, `GET / HTTP/1.0\r\nCookie: ${cookie}\r\n\r\n`)
  yield answer.startsWith('HTTP/1.1 4') ? held(what) : broke(what, answer.slice(0, 80))
}

async function* sockets(
  port: number,
  { cookie, key }: PageSession,
  other: PageSession,
): AsyncGenerator<Injection> {
  const origin = `http://127.0.0.1:${port}`
  const foreign = 'https://evil.example'
  const cases: readonly [string, Readonly<Record<string, string>>, string | null][] = [
    ['a socket of a foreign page', { cookie, origin: foreign }, key],
    ['a socket of a foreign page without key', { cookie, origin: foreign }, null],
    ['a socket of a program without origin', { cookie }, key],
    ['a socket of a page on another port', { cookie, origin: 'http://127.0.0.1:1' }, key],
    ['a socket by a rebound name', { cookie, origin: foreign, host: `evil.example:${port}` }, key],
    ['a socket with the cookie only', { cookie, origin }, null],
    ['a socket with the key only', { origin }, key],
    ['a socket with the key of another page', { cookie, origin }, other.key],
    ['a socket with a guessed key', { cookie, origin }, 'x'.repeat(43)],
  ]
  for (const [what, headers, sent] of cases) {
    const got = await dial(port, headers, sent)
    yield got === 403 ? held(what) : broke(what, `it got ${got}`)
  }
  const got = await dial(port, { cookie, origin }, key)
  yield got === 'in' ? held('the own socket') : broke('the own socket', `it got ${got}`)
}

function dial(
  port: number,
  headers: Readonly<Record<string, string>>,
  key: string | null,
): Promise<number | 'in'> {
  return new Promise((resolve) => {
    const protocols = key === null ? ['sublet'] : ['sublet', key]
    const socket = new WebSocket(`ws://127.0.0.1:${port}/engine`, protocols, { headers })
    socket.on('error', () => undefined)
    socket.on('unexpected-response', (asked, { statusCode }) => {
      asked.destroy()
      resolve(statusCode ?? 0)
    })
    socket.on('open', () => {
      socket.terminate()
      resolve('in')
    })
  })
}

function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.setTimeout(5_000, () => socket.destroy())
    socket.on('data', (piece) => {
      answer += piece.toString('latin1')
      socket.destroy()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
  })
}

/** What the own page tells the browser not to let others do with it. */
function* said(headers: Readonly<Record<string, string | string[] | undefined>>) {
  const policy = String(headers['content-security-policy'])
  for (const [what, wanted] of [
    ['the page in a frame of another', "frame-ancestors 'none'"],
    ['a form that leaves the page', "form-action 'none'"],
    ['a script in the page', "script-src 'self';"],
    ['another base for links', "base-uri 'none'"],
  ] as const) {
    yield policy.includes(wanted) ? held(what) : broke(what, `the policy is ${policy}`)
  }
  const kept = String(headers['cache-control'])
  yield kept === 'no-store' ? held('the page kept on disk') : broke('the page kept on disk', kept)
}
