import type { IncomingHttpHeaders } from 'node:http'

/** The first protocol of the page's WebSocket; the key follows it. */
export const socketProtocol = 'sublet'

/** The names under which a browser may ask for this server; any other is a rebound DNS name. */
export function isOwnHost(headers: IncomingHttpHeaders, port: number): boolean {
  return ownHosts(port).includes(headers.host ?? '')
}

/**
 * Whether a request may come from its page. A WebSocket must say its origin and it must be ours;
 * other requests may leave it out, as browsers do when a page is opened.
 */
export function isOwnOrigin(
  headers: IncomingHttpHeaders,
  port: number,
  kind: 'page' | 'socket',
): boolean {
  const { origin } = headers
  if (origin === undefined) return kind === 'page'
  return origin === `http://${headers.host ?? ''}` && isOwnHost(headers, port)
}

/** The session's cookie of a request; null when there is none. */
export function cookieIn(headers: IncomingHttpHeaders, port: number): string | null {
  const start = `${cookieName(port)}=`
  const cookie = (headers.cookie ?? '').split('; ').find((one) => one.startsWith(start))
  return cookie?.slice(start.length) ?? null
}

/** Cookies do not tell ports apart, so the name does. */
export function sessionCookie(cookie: string, port: number): string {
  return `${cookieName(port)}=${cookie}; HttpOnly; SameSite=Strict; Path=/`
}

/** The key that a page sends with its WebSocket, as the second of its protocols; null when it has none. */
export function keyIn(headers: IncomingHttpHeaders): string | null {
  const [protocol, key] = (headers['sec-websocket-protocol'] ?? '').split(/, */)
  return protocol === socketProtocol && key !== undefined ? key : null
}

function cookieName(port: number): string {
  return `sublet-${port}`
}

function ownHosts(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`]
}
