import { connect, createServer, type Socket } from 'node:net'
import { once } from 'node:events'

/** A wire to a port of this computer that counts what passes and is cut after planned bytes. */
export interface CuttingProxy {
  readonly port: number
  readonly bytesUp: number
  readonly bytesDown: number
  /** How many of the planned cuts have happened. */
  readonly cuts: number
  /** Counts anew, and cuts every connection whenever so many more bytes have passed. */
  plan(cutAfterBytes: readonly number[]): void
  close(): Promise<void>
}

/** Listens on 127.0.0.1; what it passes is exact to the byte, the cut is a reset. */
export async function cuttingProxy(targetPort: number): Promise<CuttingProxy> {
  let [bytesUp, bytesDown, cuts] = [0, 0, 0]
  let left: number[] = []
  const open = new Set<Socket>()
  const cutAll = (): void => {
    cuts += 1
    for (const socket of open) socket.resetAndDestroy()
  }
  /** What of these bytes still passes; the rest is lost with the connection. */
  const allowed = (bytes: Buffer): Buffer => {
    const [due] = left
    if (due === undefined) return bytes
    if (bytes.length < due) {
      left[0] = due - bytes.length
      return bytes
    }
    left = left.slice(1)
    return bytes.subarray(0, due)
  }
  const relay = (from: Socket, to: Socket, count: (bytes: number) => void): void => {
    from.on('data', (bytes: Buffer) => {
      const before = left.length
      const passing = allowed(bytes)
      count(passing.length)
      if (left.length < before) to.write(passing, cutAll)
      else if (!to.write(passing)) {
        from.pause()
        to.once('drain', () => from.resume())
      }
    })
    from.on('end', () => to.end())
    from.on('error', () => to.destroy())
    from.on('close', () => {
      open.delete(from)
      to.destroy()
    })
  }
  const server = createServer({ noDelay: true }, (client) => {
    const target = connect({ port: targetPort, host: '127.0.0.1', noDelay: true })
    open.add(client).add(target)
    relay(client, target, (bytes) => {
      bytesUp += bytes
    })
    relay(target, client, (bytes) => {
      bytesDown += bytes
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port for the proxy.')
  return {
    port: address.port,
    get bytesUp() {
      return bytesUp
    },
    get bytesDown() {
      return bytesDown
    },
    get cuts() {
      return cuts
    },
    plan: (cutAfterBytes) => {
      ;[bytesUp, bytesDown, cuts] = [0, 0, 0]
      left = [...cutAfterBytes]
    },
    close: async () => {
      server.close()
      for (const socket of open) socket.destroy()
      await once(server, 'close')
    },
  }
}
