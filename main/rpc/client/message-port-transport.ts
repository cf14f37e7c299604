import { readEnvelope } from './port-envelope.ts'
import type { PortEnvelope } from './port-envelope.ts'
import { Closing, Inbox } from './transport.ts'
import type { Transport } from './transport.ts'

/**
 * The renderer's end in the desktop app. A port cannot tell what its peer has taken: what bounds
 * it is the credit of the streams.
 */
export function messagePortTransport(port: MessagePort): Transport {
  const closing = new Closing()
  const post = (envelope: PortEnvelope): void => port.postMessage(envelope)
  const end = (reason: string): boolean => {
    if (!closing.close(reason)) return false
    port.close()
    return true
  }
  const close = (reason: string): void => {
    if (closing.closed) return
    post({ kind: 'close', reason })
    end(reason)
  }
  const inbox = new Inbox(() => close('too many messages that nobody read'))

  port.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (closing.closed) return
    const envelope = readEnvelope(data)
    if (envelope === null) close('the host sent something that is no frame')
    else if (envelope.kind === 'close') end(envelope.reason)
    else inbox.push(envelope.frame)
  })
  port.addEventListener('close', () => end('the window host is gone'))
  port.start()

  return {
    send: (message) => {
      if (!closing.closed) post({ kind: 'frame', frame: message })
    },
    drained: () => Promise.resolve(),
    receive: (listener) => inbox.receive(listener),
    onClose: (listener) => closing.onClose(listener),
    close,
  }
}
