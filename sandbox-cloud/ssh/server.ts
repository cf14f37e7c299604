import { createServer, connect } from 'node:net'
import type { Server as NetServer, Socket } from 'node:net'
import ssh2 from 'ssh2'
import type { AuthContext, Connection, Session } from 'ssh2'
import { sshUser } from '../machine/shell.ts'
import { SftpSession } from '../sftp/session.ts'
import type { DiskAllowance } from '../sftp/files.ts'
import { runCommand } from './command.ts'
import type { CommandSetting, RunningCommand } from './command.ts'
import type { Terminal } from './terminal.ts'
import { Network } from './link.ts'

/** What one machine's SSH server needs. */
export interface SshSetting {
  readonly hostKeyPrivate: string
  /** The only key that may log in. */
  readonly publicKey: string
  readonly home: string
  readonly disk: DiskAllowance
  /** Setting for a new command; `accepted` are the variables that the client may set. */
  readonly command: (accepted: Readonly<Record<string, string>>) => CommandSetting
}

/** Symmetric ciphers that Node's OpenSSL runs natively; ssh2's first choice is JavaScript. */
const ciphers = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'aes128-ctr',
  'aes256-ctr',
] as const

/** What a network that wants a log-in says, whoever was asked. */
const portalAnswer =
  'HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\nContent-Length: 0\r\n\r\n'

/** The SSH server of one machine. The network to it can be made to misbehave. */
export class SshServer {
  readonly network = new Network()
  readonly #setting: SshSetting
  #server: InstanceType<typeof ssh2.Server>
  #listener: NetServer

  constructor(setting: SshSetting) {
    this.#setting = setting
    this.#server = this.#sshServer(setting.hostKeyPrivate)
    this.#listener = createServer((socket) => this.#accept(socket))
  }

  /** Listens on loopback, on the wished port where that is free. Resolves to the port. */
  async listen(wished: number | null): Promise<number> {
    try {
      return await this.#listenOn(wished ?? 0)
    } catch (error) {
      if (wished === null || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      return this.#listenOn(0)
    }
  }

  /** From now on answers with another host key. */
  changeHostKey(privateKey: string): void {
    this.#server = this.#sshServer(privateKey)
  }

  /** Answers on another port from now on, and on the old one no more. Resolves to the new one. */
  async move(): Promise<number> {
    const old = this.#listener
    this.#listener = createServer((socket) => this.#accept(socket))
    const port = await this.#listenOn(0)
    old.close()
    this.network.dropAll()
    return port
  }

  close(): void {
    this.#listener.close()
    this.network.dropAll()
  }

  #listenOn(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#listener.once('error', reject)
      this.#listener.listen(port, '127.0.0.1', () => {
        this.#listener.off('error', reject)
        const address = this.#listener.address()
        resolve(typeof address === 'object' && address !== null ? address.port : port)
      })
    })
  }

  #accept(socket: Socket): void {
    if (this.network.conditions.mode === 'refuse') {
      socket.resetAndDestroy()
      return
    }
    if (this.network.conditions.mode === 'portal') {
      socket.on('error', () => undefined)
      socket.end(portalAnswer)
      return
    }
    const link = this.network.connect(socket)
    // ssh2 uses of the socket what a Duplex has, and the peer's address.
    this.#server.injectSocket(link as unknown as Socket)
  }

  #sshServer(hostKey: string): InstanceType<typeof ssh2.Server> {
    const server = new ssh2.Server(
      // Both ssh2's and OpenSSH's clients order SYMLINK's arguments by this name.
      {
        hostKeys: [hostKey],
        ident: 'OpenSSH_9.9 Sublet-sandbox',
        algorithms: { cipher: [...ciphers] },
      },
      (connection) => this.#serve(connection),
    )
    server.on('error', () => undefined)
    return server
  }

  #serve(connection: Connection): void {
    connection.on('error', () => {
      // A cut connection is everyday life here; the client sees it on its own side.
      connection.end()
    })
    connection.on('authentication', (context) => authenticate(context, this.#setting.publicKey))
    connection.on('session', (accept) => this.#session(accept()))
    connection.on('tcpip', (accept, reject, info) => {
      if (!['127.0.0.1', 'localhost', '::1'].includes(info.destIP)) return reject()
      const target = connect(info.destPort, '127.0.0.1')
      target.once('error', reject)
      target.once('connect', () => {
        const channel = accept()
        target.off('error', reject)
        target.on('error', () => channel.end())
        channel.once('close', () => target.destroy())
        channel.on('error', () => target.destroy())
        channel.pipe(target).pipe(channel)
      })
    })
  }

  #session(session: Session): void {
    const accepted: Record<string, string> = {}
    let terminal: Terminal | null = null
    let running: RunningCommand | null = null
    session.on(
      'env',
      (accept: (() => void) | undefined, reject: (() => void) | undefined, info) => {
        const { key, val: value } = info
        if (/^(LANG|LC_[A-Z]+)$/.test(key)) {
          accepted[key] = value
          accept?.()
        } else reject?.()
      },
    )
    session.on('pty', (accept: (() => void) | undefined, _reject, info) => {
      // A client without a window of its own says 0.
      terminal = { rows: info.rows || 24, columns: info.cols || 80 }
      accepted['TERM'] = (info as unknown as { term?: string }).term ?? 'dumb'
      accept?.()
    })
    session.on('window-change', (accept: (() => void) | undefined) => accept?.())
    session.on('signal', (accept: (() => void) | undefined, _reject, info) => {
      running?.signal(info.name)
      accept?.()
    })
    session.on('exec', (accept, _reject, info) => {
      running = runCommand(accept(), info.command, this.#setting.command(accepted), terminal)
    })
    session.on('shell', (accept) => {
      running = runCommand(accept(), null, this.#setting.command(accepted), terminal)
    })
    session.on('subsystem', (accept, reject, info) => {
      if (info.name !== 'sftp') return reject()
      new SftpSession(accept(), this.#setting.home, this.#setting.disk).start()
    })
  }
}

function authenticate(context: AuthContext, publicKey: string): void {
  const allowed = ssh2.utils.parseKey(publicKey)
  if (context.method !== 'publickey' || context.username !== sshUser || allowed instanceof Error) {
    return context.reject(['publickey'])
  }
  const isKey = context.key.algo === allowed.type && allowed.getPublicSSH().equals(context.key.data)
  if (!isKey) return context.reject(['publickey'])
  if (context.signature === undefined || context.blob === undefined) return context.accept()
  // The types say boolean, but it answers with an Error object when it cannot verify.
  const verified: unknown = allowed.verify(context.blob, context.signature, context.hashAlgo)
  return verified === true ? context.accept() : context.reject(['publickey'])
}
