import { Closing, Inbox } from './client/transport.ts'
import { encodeMessage } from './encode-message.ts'
import type { Transport } from './client/transport.ts'

/** Two ends joined in memory, for tests and for hosts in the same process; messages pass as JSON. */
export function memoryTransportPair(): [Transport, Transport] {
  const closing = new Closing()
  const overflow = () => closing.close('too many messages that nobody read')
  const [first, second] = [new Inbox(overflow), new Inbox(overflow)]
  return [end(first, second, closing), end(second, first, closing)]
}

function end(own: Inbox, peer: Inbox, closing: Closing): Transport {
  return {
    send: (message) => {
      const text = encodeMessage(message)
      // Never within the sender's stack, as with a real channel.
      queueMicrotask(() => {
        if (!closing.closed) peer.push(JSON.parse(text))
      })
    },
    drained: () => Promise.resolve(),
    receive: (listener) => own.receive(listener),
    onClose: (listener) => closing.onClose(listener),
    close: (reason) => queueMicrotask(() => closing.close(reason)),
  }
}
