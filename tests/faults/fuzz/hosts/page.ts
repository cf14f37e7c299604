import { WebSocket } from 'ws'
import { contract, contractVersion } from '../../../../preload/contract/contract.ts'
import { createClient } from '../../../../main/rpc/client/client.ts'
import type { Transport } from '../../../../main/rpc/client/transport.ts'
import { webSocketTransport } from '../../../../main/rpc/client/web-socket-transport.ts'
import type { Door } from './upgrade-request.ts'

/** The hello of a page that is as it should be. */
export const pageHello = { version: '1.0.0', contractVersion, role: 'page' }
/** A question that every connection answers which was not closed before; no input uses its number. */
export const lastCall = { t: 'call', id: 999_999, method: 'accounts.providers', input: {} }
const patienceMs = 20_000

/** Opens the own page's connection and hands over its transport. */
export function ownPage({ port, session: { cookie, key } }: Door): Transport {
  const url = `ws://127.0.0.1:${port}/engine`
  const headers = { cookie, origin: `http://127.0.0.1:${port}` }
  const socket = new WebSocket(url, ['sublet', key], { headers })
  socket.on('error', () => undefined)
  // The ws client is a browser's WebSocket in all that the transport uses.
  return webSocketTransport(socket as unknown as globalThis.WebSocket)
}

/** What is wrong with what a well-behaved page gets; null when it is answered. */
export async function isServed(page: Transport): Promise<string | null> {
  const signal = AbortSignal.timeout(patienceMs)
  try {
    const client = await createClient(contract, page, pageHello, signal)
    await client.api.accounts.providers({}, { signal })
    return null
  } catch (error) {
    return `a well-behaved page is not served: ${String(error)}`
  } finally {
    page.close('the page closed')
  }
}
