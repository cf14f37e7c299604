import type { MessagePortMain } from 'electron'
import type { Transport } from '../rpc/client/transport.ts'
import { transportOverPort } from '../rpc/client/transport-over-port.ts'

/** The host's end of a window's port. */
export function portTransport(port: MessagePortMain): Transport {
  return transportOverPort(
    {
      post: (envelope) => port.postMessage(envelope),
      onMessage: (listener) =>
        port.on('message', ({ data }: { data: unknown }) => listener(asJson(data))),
      onClose: (listener) => port.on('close', listener),
      start: () => port.start(),
      close: () => port.close(),
    },
    'window',
  )
}

/**
 * What the engine would read of it. A port carries more than JSON, such as a String object, which
 * is no string to whoever checks it here and becomes one on the way to the engine. `undefined`,
 * which is no envelope, for what JSON cannot say.
 */
function asJson(data: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(data)) as unknown
  } catch {
    return undefined // Whatever is wrong with it, the answer is the same: the port closes.
  }
}
