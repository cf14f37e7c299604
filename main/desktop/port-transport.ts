import type { MessagePortMain } from 'electron'
import type { Transport } from '../rpc/client/transport.ts'
import { transportOverPort } from '../rpc/client/transport-over-port.ts'

/** The host's end of a window's port. */
export function portTransport(port: MessagePortMain): Transport {
  return transportOverPort(
    {
      post: (envelope) => port.postMessage(envelope),
      onMessage: (listener) => port.on('message', ({ data }: { data: unknown }) => listener(data)),
      onClose: (listener) => port.on('close', listener),
      start: () => port.start(),
      close: () => port.close(),
    },
    'window',
  )
}
