import { Closing, Inbox } from './transport.ts'
import type { Transport } from './transport.ts'

/** From here on `drained` waits; a browser tells nobody when it has sent, so it is asked. */
const enoughUnsent = 2 ** 20
const askAgainMs = 20

/** The renderer's end in the browser host: messages as texts. What is sent before it opens waits. */
export function webSocketTransport(socket: WebSocket): Transport {
  const closing = new Closing()
  let early: string[] = []
  const close = (reason: string): void => {
    if (!closing.close(reason)) return
    early = []
    socket.close()
  }
  const inbox = new Inbox(() => close('too many messages that nobody read'))

  socket.addEventListener('open', () => {
    for (const text of early) socket.send(text)
    early = []
  })
  socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (closing.closed) return
    const message = parse(data)
    if (message === notJson) close('the host sent something that is not JSON')
    else inbox.push(message)
  })
  socket.addEventListener('close', ({ reason }) => {
    close(reason === '' ? 'the connection closed' : reason)
  })

  return {
    send: (message) => {
      if (closing.closed) return
      const text = JSON.stringify(message)
      if (socket.readyState === socket.CONNECTING) early.push(text)
      else socket.send(text)
    },
    drained: async () => {
      while (!closing.closed && socket.bufferedAmount > enoughUnsent) {
        await new Promise((resolve) => setTimeout(resolve, askAgainMs))
      }
    },
    receive: (listener) => inbox.receive(listener),
    onClose: (listener) => closing.onClose(listener),
    close,
  }
}

const notJson = Symbol('not JSON')

function parse(data: unknown): unknown {
  if (typeof data !== 'string') return notJson
  try {
    return JSON.parse(data)
  } catch {
    return notJson // Whatever is wrong with it, the answer is the same: the connection closes.
  }
}
