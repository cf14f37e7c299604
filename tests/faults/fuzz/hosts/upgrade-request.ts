import { randomBytes } from 'node:crypto'
import type { PageSession } from '../../../support/page-host.ts'
import { nastyString } from '../nasty.ts'
import type { Random } from '../random.ts'

/** A request for the engine's WebSocket, before it is written down. */
interface Parts {
  method: string
  path: string
  readonly headers: Map<string, string>
}

export interface Door {
  readonly port: number
  readonly session: PageSession
  /** Of another page of this host, whose halves do not fit. */
  readonly other: PageSession
}

/** Each makes the request one that must not get in. */
type Spoil = (parts: Parts, door: Door, random: Random) => void

/** What the own page's browser sends. */
function ownParts({ port, session }: Door): Parts {
  return {
    method: 'GET',
    path: '/engine',
    headers: new Map([
      ['Host', `127.0.0.1:${port}`],
      ['Origin', `http://127.0.0.1:${port}`],
      ['Connection', 'Upgrade'],
      ['Upgrade', 'websocket'],
      ['Sec-WebSocket-Version', '13'],
      ['Sec-WebSocket-Key', randomBytes(16).toString('base64')],
      ['Sec-WebSocket-Protocol', `sublet, ${session.key}`],
      ['Cookie', session.cookie],
    ]),
  }
}

const spoils: readonly Spoil[] = [
  ({ headers }, _door, random) => {
    headers.delete(random.pick(['Host', 'Origin', 'Sec-WebSocket-Protocol', 'Cookie']))
  },
  ({ headers }, { port, session }, random) => {
    const [name = '', value = ''] = session.cookie.split('=')
    const cookies = [
      `${name}=${spoiled(value, random)}`,
      `sublet-${port + 1}=${value}`,
      `${name.toUpperCase()}=${value}`,
      `${name}="${value}"`,
      `x${session.cookie}`,
      `${name}=${nastyString(random)}`,
    ]
    headers.set('Cookie', random.pick(cookies))
  },
  ({ headers }, { session, other }, random) => {
    const protocols = [
      other.key,
      session.key,
      'sublet',
      `sublet, ${other.key}`,
      `${session.key}, sublet`,
      `Sublet, ${session.key}`,
      `sublet, ${nastyString(random)}`,
    ]
    const close = `sublet, ${spoiled(session.key, random)}`
    headers.set('Sec-WebSocket-Protocol', random.chance(0.5) ? close : random.pick(protocols))
  },
  ({ headers }, { port }, random) => {
    const origins = [
      'null',
      'https://evil.example',
      `https://127.0.0.1:${port}`,
      'http://127.0.0.1',
      `http://127.0.0.1:${port + 1}`,
      `http://127.0.0.1:${port}.evil.example`,
      `http://evil@127.0.0.1:${port}`,
      `http://127.0.0.1:${port}/`,
      `http://localhost:${port}`,
      'app://sublet',
      nastyString(random),
    ]
    headers.set('Origin', random.pick(origins))
  },
  ({ headers }, { port }, random) => {
    const hosts = [
      'evil.example',
      `evil.example:${port}`,
      `127.0.0.1.evil.example:${port}`,
      `[::1]:${port}`,
      `0.0.0.0:${port}`,
      `2130706433:${port}`,
      '127.0.0.1',
      `LOCALHOST:${port}`,
      nastyString(random),
    ]
    const host = random.pick(hosts)
    headers.set('Host', host)
    // As a rebound name's own page would say it.
    if (random.chance(0.5)) headers.set('Origin', `http://${host}`)
  },
  (parts, _door, random) => {
    const paths = ['/', '/engine/', '//engine', '/Engine', '/engine%00', '/engine.html', '*']
    parts.path = random.pick([...paths, `/engine/${encodeURIComponent('../engine')}`])
  },
  (parts, _door, random) => {
    parts.method = random.pick(['POST', 'PUT', 'OPTIONS', 'HEAD', 'DELETE'])
  },
  ({ headers }, _door, random) => {
    const key = ['', 'x', 'x'.repeat(24), randomBytes(15).toString('base64'), nastyString(random)]
    if (random.chance(0.5)) headers.set('Sec-WebSocket-Key', random.pick(key))
    else headers.set('Sec-WebSocket-Version', random.pick(['', '0', '12', '99', '-13']))
  },
  ({ headers }, _door, random) => {
    if (random.chance(0.5)) headers.set('Upgrade', random.pick(['h2c', 'websocket2', '', 'TLS/1']))
    else headers.delete(random.pick(['Upgrade', 'Connection']))
  },
]

/** A header's worth of the same length or near, and another. */
function spoiled(secret: string, random: Random): string {
  const at = random.below(secret.length)
  const other = secret[at] === 'a' ? 'b' : 'a'
  return random.pick([
    `${secret.slice(0, at)}${other}${secret.slice(at + 1)}`,
    secret.slice(0, at),
    `${secret}${other}`,
    secret.toUpperCase() === secret ? '' : secret.toUpperCase(),
  ])
}

/** Lines that change nothing, but that a parser must cope with. */
function padding(random: Random): string {
  const lines = [
    `X-Long: ${'x'.repeat(random.below(12_000))}`,
    `X-Nasty: ${nastyString(random).replaceAll(/[\0\r\n]/g, '')}`,
    'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=99',
    'X-Forwarded-Host: evil.example',
    'X-HTTP-Method-Override: DELETE',
  ]
  return `${random.pick(lines)}\r\n`
}

/** A request as bytes, and whether it is the own page's and must get in. */
export function upgradeRequest(
  door: Door,
  random: Random,
): { readonly bytes: Buffer; readonly isOwn: boolean } {
  const parts = ownParts(door)
  const isOwn = random.chance(0.1)
  if (!isOwn) {
    // Mostly one, so that each has to be found out by itself.
    for (let count = random.pick([1, 1, 1, 2, 3]); count > 0; count -= 1) {
      random.pick(spoils)(parts, door, random)
    }
  }
  const lines = [...parts.headers].map(([name, value]) => `${name}: ${value}\r\n`)
  if (!isOwn && random.chance(0.3)) lines.push(padding(random))
  const text = `${parts.method} ${parts.path} HTTP/1.1\r\n${lines.join('')}\r\n`
  return { bytes: Buffer.from(text), isOwn }
}

/** The own page's request, to go on from. */
export function ownUpgrade(door: Door): Buffer {
  const { method, path, headers } = ownParts(door)
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
}
