import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { SubletError } from '../domain/errors.ts'
import type { Transport } from '../rpc/client/transport.ts'
import { maxFrameBytes } from '../rpc/encode-message.ts'
import { webSocketServerTransport } from '../rpc/web-socket-server-transport.ts'
import { cookieIn, isOwnHost, isOwnOrigin, keyIn, sessionCookie, socketProtocol } from './guard.ts'
import { securityHeaders } from './headers.ts'
import { enterPage, enterScript, lockedPage } from './pages.ts'
import type { Sessions } from './sessions.ts'
import { readStaticFile } from './static-files.ts'

export interface PageServerOptions {
  readonly sessions: Sessions
  /** The built renderer. */
  readonly folder: string
  /** 0 takes any free port. */
  readonly port: number
  /** A renderer with an open session has connected. */
  readonly onRenderer: (renderer: Transport) => void
}

export interface PageServer {
  readonly port: number
  close(): Promise<void>
}

/** Serves the renderer and its WebSocket `/engine` on 127.0.0.1, to open sessions only. */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const server = createServer()
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
    // The key that comes with it is not said back.
    handleProtocols: () => socketProtocol,
  })
  await listen(server, options.port)
  const { port } = server.address() as AddressInfo

  server.on('request', (request, response) => {
    answer(request, response, port, options).catch(() => send(response, port, 500, 'text/plain'))
  })
  server.on('upgrade', (request, socket, head) => {
    const { headers } = request
    const [cookie, key] = [cookieIn(headers, port), keyIn(headers)]
    const mayEnter =
      pathOf(request) === '/engine' &&
      isOwnHost(headers, port) &&
      isOwnOrigin(headers, port, 'socket') &&
      cookie !== null &&
      key !== null &&
      options.sessions.mayAct({ cookie, key })
    if (!mayEnter) {
      // Nobody else listens to it any more: without this, whoever hangs up now ends the host.
      socket.on('error', () => socket.destroy())
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      options.onRenderer(webSocketServerTransport(opened))
    })
  })
  return {
    port,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  { sessions, folder }: PageServerOptions,
): Promise<void> {
  const { headers, method } = request
  if (!isOwnHost(headers, port) || !isOwnOrigin(headers, port, 'page')) {
    send(response, port, 421, 'text/plain', 'This address is not served here.')
    return
  }
  if (method !== 'GET' && method !== 'HEAD') {
    send(response, port, 405, 'text/plain', 'Only GET is answered here.')
    return
  }
  const path = pathOf(request)
  const cookie = cookieIn(headers, port)
  const maySee = cookie !== null && sessions.maySee(cookie)
  const token = /^\/open\/([\w-]{1,100})$/.exec(path)?.[1]
  if (token !== undefined && method === 'GET') {
    const session = sessions.redeem(token)
    if (session !== null) response.setHeader('Set-Cookie', sessionCookie(session.cookie, port))
    // Whoever opens a used link again in the browser that used it still gets in.
    const mayEnter = session !== null || maySee
    const words = mayEnter ? enterPage(session?.key ?? null) : lockedPage()
    send(response, port, mayEnter ? 200 : 403, 'text/html', words)
    return
  }
  if (!maySee) {
    send(response, port, 403, 'text/html', lockedPage())
    return
  }
  if (path === '/enter.js') {
    send(response, port, 200, 'text/javascript', enterScript)
    return
  }
  const file = await readStaticFile(folder, path)
  if (file === null) {
    send(response, port, 404, 'text/plain', 'There is no such file.')
    return
  }
  const caching = file.isImmutable ? 'private, max-age=31536000, immutable' : 'no-store'
  response.setHeader('Cache-Control', caching)
  send(response, port, 200, file.type, file.body)
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/'
}

function send(
  response: ServerResponse,
  port: number,
  status: number,
  type: string,
  body: Buffer | string = '',
): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  for (const [name, value] of Object.entries(securityHeaders(port))) response.setHeader(name, value)
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store')
  const charset = type.startsWith('text/') && !type.includes('charset') ? '; charset=utf-8' : ''
  response.writeHead(status, {
    'Content-Type': `${type}${charset}`,
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new SubletError(
          'unavailable',
          `Port ${port} on 127.0.0.1 cannot be used; choose another with --port, or leave --port out.`,
          { ...(error.code === undefined ? {} : { nativeCode: error.code }), cause: error },
        ),
      )
    })
    server.listen(port, '127.0.0.1', resolve)
  })
}
