import type { Duplex } from 'node:stream'
import { Client, type AnyAuthMethod, type AuthHandlerMiddleware } from 'ssh2'
import { SubletError } from '../../domain/errors.ts'
import type { Authentication } from './authentication.ts'
import { connectionError } from './connection-errors.ts'
import { readFairly, type Heard } from './fair-reading.ts'
import { hostKeyAlgorithms, type HostKeyCheck } from './host-key-check.ts'

export interface KeepAlive {
  readonly intervalMs: number
  /** Unanswered questions until the peer counts as dead. */
  readonly count: number
}

export interface HandshakeOptions {
  readonly label: string
  readonly username: string
  readonly auth: Authentication
  readonly check: HostKeyCheck
  readonly keepAlive: KeepAlive
  readonly readyTimeoutMs: number
  readonly signal: AbortSignal
  readonly heard?: Heard
}

/** Shakes hands over an open stream: host key first, then log-in. Owns the stream from here on. */
export async function handshake(stream: Duplex, options: HandshakeOptions): Promise<Client> {
  const { label, check, auth, signal } = options
  signal.throwIfAborted()
  readFairly(stream, options.heard)
  const client = new Client()
  const settled = new AbortController()
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (error: Error & { level?: string }): void => {
        // An agent that does not answer is only one way less to log in; ssh2 goes on by itself.
        if (error.level === 'agent') return
        reject(connectionError(error, { label, auth, check }))
      }
      client.once('ready', resolve)
      client.on('error', fail)
      client.once('close', () => fail(new Error('Connection lost before handshake')))
      signal.addEventListener('abort', () => reject(signal.reason as Error), {
        once: true,
        signal: settled.signal,
      })
      client.connect({
        sock: stream,
        username: options.username,
        authHandler: inOrder(auth.methods),
        algorithms: { serverHostKey: hostKeyAlgorithms(check.expected) },
        hostVerifier: (key: Buffer, verify: (valid: boolean) => void) => {
          const verdict = check.accepts(key)
          if (typeof verdict === 'boolean') verify(verdict)
          else void verdict.then(verify)
        },
        keepaliveInterval: options.keepAlive.intervalMs,
        keepaliveCountMax: options.keepAlive.count,
        readyTimeout: options.readyTimeoutMs,
      })
    })
  } catch (error) {
    client.on('error', () => undefined)
    client.destroy()
    stream.destroy()
    if (error instanceof SubletError || signal.aborted) throw error
    throw connectionError(error as Error, { label, auth, check })
  } finally {
    settled.abort()
  }
  return client
}

function inOrder(methods: readonly AnyAuthMethod[]): AuthHandlerMiddleware {
  const left = [...methods]
  return (_allowed, _partial, next) => {
    const method = left.shift()
    // `false` ends the log-in; the type definitions lack it.
    next(method ?? (false as unknown as AnyAuthMethod))
  }
}
