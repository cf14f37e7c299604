import { Writable, type Readable } from 'node:stream'
import type { ClientChannel } from 'ssh2'
import { SubletError } from '../../domain/errors.ts'
import type { RemoteProcess } from '../machine.ts'

export interface ProcessContext {
  readonly label: string
  /** Aborted when the connection has ended, whoever ended it. */
  readonly ended: AbortSignal
  readonly signal?: AbortSignal | undefined
  /** Called once, when the channel is closed and its slot is free. */
  readonly onClose: () => void
}

/** Turns an open exec channel into a RemoteProcess. */
export function remoteProcess(channel: ClientChannel, context: ProcessContext): RemoteProcess {
  const close = (): void => {
    hangUp(channel)
    channel.close()
    discard(channel)
  }
  const exit = exitOf(channel, close, context)
  // Whoever does not wait for the exit learns of a cut from the machine's `lost`.
  exit.catch(() => undefined)
  return { stdin: stdinOf(channel), stdout: channel, stderr: channel.stderr, exit, close }
}

/** What may still be under way when a channel is closed: a window of each output, and some more. */
const mostDiscardedBytes = 8 * 2 ** 20

/**
 * ssh2 reports the end of a channel only after its output was read. A machine that goes on sending
 * after the close is not read any more: its window then stays shut.
 */
function discard(channel: ClientChannel): void {
  let discarded = 0
  for (const stream of [channel, channel.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      discarded += chunk.length
      if (discarded > mostDiscardedBytes) stream.pause()
    })
    stream.resume()
  }
}

/**
 * Closing a channel stops nothing: sshd would keep the command, and one of its few sessions, until
 * the command ends. ssh2's own `signal` refuses once the input has ended, hence the private way.
 */
function hangUp(channel: ClientChannel): void {
  const { _client: client, outgoing } = channel as unknown as {
    readonly _client: { readonly _protocol: { signal(id: number, name: string): void } }
    readonly outgoing: { readonly id: number; readonly state: string }
  }
  if (outgoing.state === 'open' || outgoing.state === 'eof') {
    client._protocol.signal(outgoing.id, 'HUP')
  }
}

async function exitOf(
  channel: ClientChannel,
  close: () => void,
  { label, ended, signal, onClose }: ProcessContext,
): Promise<number | null> {
  return await new Promise((resolve, reject) => {
    let exitCode: number | null | undefined
    const settle = (): void => {
      if (exitCode === undefined || !isRead(channel) || !isRead(channel.stderr)) return
      signal?.removeEventListener('abort', onAbort)
      ended.removeEventListener('abort', onEnded)
      resolve(exitCode)
    }
    const onAbort = (): void => {
      ended.removeEventListener('abort', onEnded)
      close()
      reject(signal?.reason as Error)
    }
    const onEnded = (): void => {
      // What arrived before the cut is still delivered; a known exit code then counts.
      if (exitCode === undefined) reject(ended.reason as Error)
      onClose()
    }
    channel.on('exit', (code: number | null) => {
      exitCode = code
      setImmediate(settle)
    })
    channel.on('end', settle)
    channel.stderr.on('end', settle)
    channel.on('close', () => {
      onClose()
      if (exitCode === undefined) reject(noExitStatus(label, ended))
      settle()
    })
    ended.addEventListener('abort', onEnded, { once: true })
    if (signal?.aborted === true) onAbort()
    else signal?.addEventListener('abort', onAbort, { once: true })
  })
}

/** Read to its end, or nobody is reading it at all. */
function isRead(stream: Readable): boolean {
  return stream.readableEnded || stream.readableFlowing === null
}

function noExitStatus(label: string, ended: AbortSignal): Error {
  if (ended.aborted) return ended.reason as Error
  return new SubletError(
    'unreachable',
    `${label} closed a command without saying how it ended; Sublet will look again.`,
  )
}

/** A channel forgets the callbacks of writes that its end overtakes; this stream fails them. */
function stdinOf(channel: ClientChannel): Writable {
  let pending: ((error?: Error | null) => void) | null = null
  const finish = (error?: Error | null): void => {
    const callback = pending
    pending = null
    callback?.(error)
  }
  const stdin = new Writable({
    highWaterMark: 256 * 1024,
    write(chunk: Buffer, _encoding, callback) {
      pending = callback
      channel.write(chunk, finish)
    },
    final(callback) {
      channel.end()
      callback()
    },
  })
  // A command may end without reading its input; that is not an error of ours.
  stdin.on('error', () => undefined)
  channel.on('close', () => {
    finish(new SubletError('invalid', 'The command ended before it had read all of its input.'))
    stdin.destroy()
  })
  return stdin
}
