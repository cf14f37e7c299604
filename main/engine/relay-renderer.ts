import { toSubletError } from '../domain/errors.ts'
import type { Transport } from '../rpc/client/transport.ts'
import { relay } from '../rpc/relay.ts'
import { requestVariables } from '../rpc/request-variables.ts'
import { openEngineLine } from './connect.ts'
import type { ConnectOptions } from './connect.ts'

export interface RelayOptions extends ConnectOptions {
  /** The host's own variables, from which requests get what they may use. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Gives a renderer the home's engine until either leaves. Never throws: where no engine can be
 * had, the renderer's connection closes with the sentence that says why.
 */
export async function relayRenderer(renderer: Transport, options: RelayOptions): Promise<void> {
  try {
    const { client, transport } = await openEngineLine(options)
    try {
      relay(renderer, transport, await requestVariables(client.api, options.env))
    } catch (error) {
      transport.close('the window could not be joined')
      throw error
    } finally {
      client.close()
    }
  } catch (error) {
    renderer.close(toSubletError(error).message)
  }
}
