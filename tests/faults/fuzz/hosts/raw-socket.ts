import { connect, type Socket } from 'node:net'

/** Whoever is not shown the door within this hangs, which nobody may. */
const longestMs = 20_000

/** What came back on a raw connection. */
export interface RawAnswer {
  readonly bytes: Buffer
  /** Whether the host ended it, or it broke, before we gave up. */
  readonly ended: boolean
}

/** Talks bytes to a port of this computer; `talk` may write, end or destroy. Never rejects. */
export function rawSocket(
  port: number,
  talk: (socket: Socket, received: () => Buffer) => void,
): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let ended = true
    const socket = connect(port, '127.0.0.1', () => talk(socket, () => Buffer.concat(pieces)))
    const timer = setTimeout(() => {
      ended = false
      socket.destroy()
    }, longestMs)
    socket.on('data', (piece) => pieces.push(piece))
    // A refused peer is often reset while it still writes.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve({ bytes: Buffer.concat(pieces), ended })
    })
  })
}

/** The status of an HTTP answer; 0 where none came. */
export function statusOf(bytes: Buffer): number {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(bytes.toString('latin1', 0, 16))?.[1] ?? 0)
}

/** What follows the head of an answer. */
export function afterHead(bytes: Buffer): Buffer {
  const at = bytes.indexOf('\r\n\r\n')
  return at < 0 ? Buffer.alloc(0) : bytes.subarray(at + 4)
}
