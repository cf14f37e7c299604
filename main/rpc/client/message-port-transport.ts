import type { Transport } from './transport.ts'
import { transportOverPort } from './transport-over-port.ts'

/** The renderer's end in the desktop app. */
export function messagePortTransport(port: MessagePort): Transport {
  return transportOverPort(
    {
      post: (envelope) => port.postMessage(envelope),
      onMessage: (listener) =>
        port.addEventListener('message', ({ data }: MessageEvent<unknown>) => listener(data)),
      onClose: (listener) => port.addEventListener('close', listener),
      start: () => port.start(),
      close: () => port.close(),
    },
    'host',
  )
}
