import type { RawData, WebSocket } from 'ws'
import { Closing, Inbox } from './client/transport.ts'
import type { Transport } from './client/transport.ts'
import { encodeMessage, maxFrameBytes } from './encode-message.ts'

/** Bytes on their way to the browser from which on `drained` waits, and which cut it off. */
const enoughUnsentBytes = 2 ** 20
const maxUnsentBytes = 4 * maxFrameBytes
/** What the protocol allows for a reason, less a little. */
const maxReasonBytes = 120

/** Messages as texts over a WebSocket that a browser opened; its server limits what comes in. */
export function webSocketServerTransport(socket: WebSocket): Transport {
  const closing = new Closing()
  let draining: (() => void)[] = []
  const release = (): void => {
    const waiting = draining
    draining = []
    for (const resolve of waiting) resolve()
  }
  const end = (reason: string): boolean => {
    const first = closing.close(reason)
    release()
    return first
  }
  const close = (reason: string): void => {
    if (!end(reason)) return
    const words = Buffer.from(reason).subarray(0, maxReasonBytes)
    // A character cut in half would be refused.
    socket.close(1000, new TextDecoder().decode(words).replace(/\uFFFD+$/u, ''))
  }
  const inbox = new Inbox(() => close('too many messages that nobody read'))

  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (closing.closed) return
    const message = isBinary ? notJson : parse(data)
    if (message === notJson) {
      close('the browser sent something that is not JSON')
      return
    }
    inbox.push(message)
    if (inbox.isFull) socket.pause()
  })
  socket.on('error', (error) => close(`the connection broke: ${error.message}`))
  socket.on('close', () => end('the browser closed the connection'))

  return {
    send: (message) => {
      const text = encodeMessage(message)
      if (closing.closed) return
      socket.send(text, () => {
        if (socket.bufferedAmount < enoughUnsentBytes) release()
      })
      if (socket.bufferedAmount > maxUnsentBytes) close('the browser does not read')
    },
    drained: () => {
      if (closing.closed || socket.bufferedAmount < enoughUnsentBytes) return Promise.resolve()
      return new Promise((resolve) => {
        draining.push(resolve)
      })
    },
    receive: (listener) => {
      inbox.receive(listener)
      if (!inbox.isFull && socket.isPaused) socket.resume()
    },
    onClose: (listener) => closing.onClose(listener),
    close,
  }
}

const notJson = Symbol('not JSON')

function parse(data: RawData): unknown {
  try {
    // The server hands a text over as one buffer, already known to be UTF-8.
    return Buffer.isBuffer(data) ? JSON.parse(data.toString()) : notJson
  } catch {
    return notJson // Whatever is wrong with it, the answer is the same: the connection closes.
  }
}
