import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Client } from 'ssh2'

/** A TCP connection without Nagle's delay; rejects with the system's error. */
export async function openSocket(
  host: string,
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Duplex> {
  signal.throwIfAborted()
  return await new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true })
    const timer = setTimeout(() => {
      fail(Object.assign(new Error('Timed out while connecting'), { code: 'ETIMEDOUT' }))
    }, timeoutMs)
    const onAbort = (): void => fail(signal.reason as Error)
    const fail = (error: Error): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      socket.destroy()
      reject(error)
    }
    socket.once('error', fail)
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('connect', () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      socket.removeListener('error', fail)
      resolve(socket)
    })
  })
}

/** A TCP stream through an SSH server to an address that it can reach. */
export async function openTunnel(client: Client, host: string, port: number): Promise<Duplex> {
  return await new Promise((resolve, reject) => {
    try {
      client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
        if (error === undefined) resolve(channel)
        else reject(error)
      })
    } catch (error) {
      reject(error)
    }
  })
}
