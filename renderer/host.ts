import type { NativeApi, NavigateListener } from '../preload/api.ts'
import { SubletError } from '../main/domain/errors.ts'
import { messagePortTransport } from '../main/rpc/client/message-port-transport.ts'
import type { Transport } from '../main/rpc/client/transport.ts'
import { webSocketTransport } from '../main/rpc/client/web-socket-transport.ts'

/** What the window around the page can do: the desktop's own abilities, or a browser's. */
export interface Host {
  readonly kind: 'desktop' | 'browser'
  readonly isMac: boolean
  /** A new connection to the engine. Fails with `unreachable`. */
  connect(): Promise<Transport>
  /** Present on the desktop only; a page in a browser knows no paths and opens nothing. */
  readonly native: NativeApi | null
  onNavigate(listener: NavigateListener): void
}

declare global {
  interface Window {
    readonly sublet?: NativeApi
  }
}

const portWithinMs = 5_000

/** The host of this window: the preload's where there is one, else the browser host. */
export function createHost(window: Window): Host {
  const native = window.sublet ?? null
  return {
    kind: native === null ? 'browser' : 'desktop',
    isMac: native === null ? /mac/i.test(window.navigator.userAgent) : native.platform === 'darwin',
    connect: () => (native === null ? overWebSocket(window) : overPort(window, native)),
    native,
    onNavigate: (listener) => native?.onNavigate(listener),
  }
}

async function overPort(window: Window, native: NativeApi): Promise<Transport> {
  const arrived = Promise.withResolvers<MessagePort>()
  const take = (event: MessageEvent): void => {
    const [port] = event.ports
    if (event.source === window && event.data === 'sublet:engine' && port !== undefined) {
      arrived.resolve(port)
    }
  }
  window.addEventListener('message', take)
  // A port that was lost on its way must not be waited for: the next try brings another.
  const late = setTimeout(() => {
    arrived.reject(new SubletError('unreachable', 'The window got no connection to the engine.'))
  }, portWithinMs)
  try {
    await Promise.race([native.connect(), arrived.promise])
    return messagePortTransport(await arrived.promise)
  } finally {
    clearTimeout(late)
    window.removeEventListener('message', take)
  }
}

async function overWebSocket(window: Window): Promise<Transport> {
  const { protocol, host } = window.location
  // The link left it: cookies alone can be seen by other servers of this computer.
  const key = window.localStorage.getItem('sublet.key') ?? ''
  const address = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/engine`
  const socket = new WebSocket(address, key === '' ? [] : ['sublet', key])
  const transport = webSocketTransport(socket)
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true })
    transport.onClose((reason) => {
      reject(
        new SubletError(
          'unreachable',
          `Sublet does not answer here (${reason}): is \`sublet serve\` still running?`,
        ),
      )
    })
  })
  return transport
}
