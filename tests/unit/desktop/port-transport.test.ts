import { MessageChannel } from 'node:worker_threads'
import type { MessagePortMain } from 'electron'
import { expect, it } from 'vitest'
import { portTransport } from '../../../main/desktop/port-transport.ts'
import { withEnvironment } from '../../../main/rpc/relay.ts'
import { eventually } from '../../support/eventually.ts'

/** A window's port, and what the host's end of it hands on. */
function joined() {
  const { port1: window, port2: host } = new MessageChannel()
  const electrons = {
    postMessage: (message: unknown) => host.postMessage(message),
    on: (name: string, listener: (event: { readonly data: unknown }) => void) =>
      host.on(name, (data: unknown) => listener({ data })),
    start: () => host.start(),
    close: () => host.close(),
  }
  const transport = portTransport(electrons as unknown as MessagePortMain)
  const [frames, reasons]: [unknown[], string[]] = [[], []]
  transport.receive((frame) => frames.push(frame))
  transport.onClose((reason) => reasons.push(reason))
  return { window, frames, reasons }
}

it('takes a window’s message as what the engine will read, so that no environment passes', async () => {
  const { window, frames } = joined()
  // A port keeps String objects, which are not equal to 'call' here and 'call' in JSON.
  const frame = { t: Object('call') as unknown, id: 1, method: 'x', input: { environment: 'mine' } }
  window.postMessage({ kind: 'frame', frame })
  await eventually(() => frames.length === 1)
  expect(frames).toEqual([{ t: 'call', id: 1, method: 'x', input: { environment: 'mine' } }])
  expect(withEnvironment(frames[0], {})).toMatchObject({ input: { environment: {} } })
  window.close()
})

const around: { self?: unknown } = {}
around.self = around

it.each([
  ['a number that JSON has not', { kind: 'frame', frame: { id: 2n ** 70n } }],
  ['what holds itself', { kind: 'frame', frame: around }],
  ['nothing', undefined],
])('closes the port at %s', async (_, message) => {
  const { window, frames, reasons } = joined()
  window.postMessage(message)
  await eventually(() => reasons.length === 1)
  expect(reasons).toEqual(['the window sent something that is no frame'])
  expect(frames).toEqual([])
})
