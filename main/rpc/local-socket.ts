import { createHash } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { SubletError } from '../domain/errors.ts'

/** Unix socket paths end at 104 bytes on macOS and 108 on Linux, the closing zero included. */
const maxPathBytes = 100
/** The last one: it was leaving just now. */
const nobodyThere = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET'])

/** Where the engine of `homeDir` listens: in it, in a private temp folder, or a named pipe. */
export function socketAddress(
  homeDir: string,
  platform: NodeJS.Platform = process.platform,
): string {
  const digest = createHash('sha256').update(homeDir).digest('hex').slice(0, 16)
  if (platform === 'win32') return `\\\\.\\pipe\\sublet-${digest}`
  const path = join(homeDir, 'engine.sock')
  if (Buffer.byteLength(path) <= maxPathBytes) return path
  return join(tmpdir(), `sublet-${userInfo().uid}-${digest}`, 'engine.sock')
}

/** Listens at `address` for this user only. The caller holds the engine's lock. */
export async function listenLocal(
  address: string,
  onConnection: (socket: Socket) => void,
): Promise<Server> {
  const isPipe = address.startsWith('\\\\')
  if (!isPipe) {
    mkdirSync(dirname(address), { recursive: true, mode: 0o700 })
    requirePrivateFolder(dirname(address))
    rmSync(address, { force: true })
  }
  const server = createServer(onConnection)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(address, resolve)
  })
  if (!isPipe) chmodSync(address, 0o600)
  return server
}

/** Connects to a listening engine; null when nobody listens there. */
export async function connectLocal(address: string): Promise<Socket | null> {
  return await new Promise((resolve, reject) => {
    const socket = connect(address)
    socket.once('connect', () => {
      socket.removeAllListeners('error')
      resolve(socket)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (nobodyThere.has(error.code ?? '')) resolve(null)
      else
        reject(
          new SubletError('unreachable', `The engine's socket ${address} cannot be opened.`, {
            ...(error.code === undefined ? {} : { nativeCode: error.code }),
            cause: error,
          }),
        )
    })
  })
}

/** A folder in the shared temp folder may have been made by somebody else first. */
function requirePrivateFolder(dir: string): void {
  const stat = lstatSync(dir)
  if (stat.isDirectory() && stat.uid === userInfo().uid && (stat.mode & 0o077) === 0) return
  throw new SubletError(
    'permission',
    `The folder ${dir} is open to other users; make it yours alone (chmod 700) or remove it.`,
  )
}
