import type { MessagePortMain } from 'electron'
import { readEnvelope } from '../rpc/client/port-envelope.ts'
import type { PortEnvelope } from '../rpc/client/port-envelope.ts'
import { Closing, Inbox } from '../rpc/client/transport.ts'
import type { Transport } from '../rpc/client/transport.ts'

/**
 * The host's end of a window's port. A port cannot tell what its peer has taken: what bounds it is
 * the credit of the streams.
 */
export function portTransport(port: MessagePortMain): Transport {
  const closing = new Closing()
  const post = (envelope: PortEnvelope): void => port.postMessage(envelope)
  const end = (reason: string): void => {
    if (closing.close(reason)) port.close()
  }
  const close = (reason: string): void => {
    if (closing.closed) return
    post({ kind: 'close', reason })
    end(reason)
  }
  const inbox = new Inbox(() => close('too many messages that nobody read'))

  port.on('message', ({ data }: { data: unknown }) => {
    if (closing.closed) return
    const envelope = readEnvelope(data)
    if (envelope === null) close('the window sent something that is no frame')
    else if (envelope.kind === 'close') end(envelope.reason)
    else inbox.push(envelope.frame)
  })
  port.on('close', () => end('the window is gone'))
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
