import { readEnvelope } from './port-envelope.ts'
import type { PortEnvelope } from './port-envelope.ts'
import { Closing, Inbox } from './transport.ts'
import type { Transport } from './transport.ts'

/** What both kinds of message port can do: the page's own and Electron's. */
export interface Port {
  post(envelope: PortEnvelope): void
  onMessage(listener: (data: unknown) => void): void
  onClose(listener: () => void): void
  /** Begins the delivery of what has waited. */
  start(): void
  close(): void
}

/**
 * One end of a window's port; `peer` names the other in its reasons. A port cannot tell what its
 * peer has taken: what bounds it is the credit of the streams.
 */
export function transportOverPort(port: Port, peer: string): Transport {
  const closing = new Closing()
  const end = (reason: string): void => {
    if (closing.close(reason)) port.close()
  }
  const close = (reason: string): void => {
    if (closing.closed) return
    port.post({ kind: 'close', reason })
    end(reason)
  }
  const inbox = new Inbox(() => close('too many messages that nobody read'))

  port.onMessage((data) => {
    if (closing.closed) return
    const envelope = readEnvelope(data)
    if (envelope === null) close(`the ${peer} sent something that is no frame`)
    else if (envelope.kind === 'close') end(envelope.reason)
    else inbox.push(envelope.frame)
  })
  port.onClose(() => end(`the ${peer} is gone`))
  port.start()

  return {
    send: (message) => {
      if (!closing.closed) port.post({ kind: 'frame', frame: message })
    },
    drained: () => Promise.resolve(),
    receive: (listener) => inbox.receive(listener),
    onClose: (listener) => closing.onClose(listener),
    close,
  }
}
