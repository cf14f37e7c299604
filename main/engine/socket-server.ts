import type { Server, Socket } from 'node:net'
import { toSubletError } from '../domain/errors.ts'
import type { Logger } from '../domain/logger.ts'
import { admitClient } from '../rpc/authenticate.ts'
import { serveConnection } from '../rpc/connection.ts'
import type { ServeOptions } from '../rpc/connection.ts'
import { lineTransport } from '../rpc/line-transport.ts'
import { listenLocal } from '../rpc/local-socket.ts'
import type { Transport } from '../rpc/client/transport.ts'

export interface SocketServerOptions extends ServeOptions {
  readonly address: string
  readonly token: string
}

/** Serves clients on the local socket, each only after both sides have proved the token. */
export class SocketServer {
  readonly #options: SocketServerOptions
  readonly #log: Logger
  readonly #transports = new Set<Transport>()
  #server: Server | null = null

  constructor(options: SocketServerOptions) {
    this.#options = options
    this.#log = options.log
  }

  /** Connections that are open, admitted or not yet. */
  get clients(): number {
    return this.#transports.size
  }

  async listen(): Promise<void> {
    this.#server = await listenLocal(this.#options.address, (socket) => this.#admit(socket))
    this.#server.on('error', (err) => this.#log.error({ err }, 'The local socket failed.'))
  }

  /** Nobody new gets in; the socket's file goes away. */
  stopListening(): void {
    this.#server?.close()
  }

  closeAll(reason: string): void {
    for (const transport of this.#transports) transport.close(reason)
  }

  #admit(socket: Socket): void {
    const transport = lineTransport(socket)
    this.#transports.add(transport)
    transport.onClose(() => this.#transports.delete(transport))
    admitClient(transport, this.#options.token).then(
      () => serveConnection(transport, this.#options),
      (error: unknown) => {
        const { code, message } = toSubletError(error)
        // Somebody who only looked whether an engine is here is no news.
        const write = code === 'unreachable' ? this.#log.debug : this.#log.warn
        write({ why: message }, 'A client was not admitted.')
      },
    )
  }
}
