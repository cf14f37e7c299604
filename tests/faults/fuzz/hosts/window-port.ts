import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { MessagePortMain } from 'electron'
import { portTransport } from '../../../../main/desktop/port-transport.ts'
import { relayRenderer, type RelayOptions } from '../../../../main/engine/relay-renderer.ts'
import { messagePortTransport } from '../../../../main/rpc/client/message-port-transport.ts'
import type { Injection } from '../../fault-class.ts'
import { wrongWith } from '../../hostile/judge.ts'
import { readEnvelope } from '../../../../main/rpc/client/port-envelope.ts'
import type { Random } from '../random.ts'
import { windowMessage } from './cloneable.ts'
import { isServed, lastCall, pageHello } from './page.ts'
import { repeated } from './repeat.ts'

const longestMs = 20_000

/** Messages of a window's page to the desktop host's relay, as its port delivers them. */
export async function fuzzWindow(
  relay: RelayOptions,
  random: Random,
  runs: number,
): Promise<Injection> {
  return await repeated({
    what: 'messages of a window to the desktop app’s relay',
    runs,
    atOnce: 8,
    one: () => post(relay, random),
    still: () => served(relay),
  })
}

/** A window's port, joined with the engine by the host's own relay. */
function windowPort(relay: RelayOptions): MessagePort {
  const { port1: window, port2: host } = new MessageChannel()
  void relayRenderer(portTransport(asElectrons(host)), relay)
  return window
}

/** Node's port as Electron's main process has it: messages come within an event. */
function asElectrons(port: MessagePort): MessagePortMain {
  const own = {
    postMessage: (message: unknown) => port.postMessage(message),
    on: (name: string, listener: (event?: { readonly data: unknown }) => void) =>
      port.on(name, name === 'message' ? (data: unknown) => listener({ data }) : () => listener()),
    start: () => port.start(),
    close: () => port.close(),
  }
  return own as unknown as MessagePortMain
}

async function post(relay: RelayOptions, random: Random): Promise<string | null> {
  const window = windowPort(relay)
  const said = listen(window)
  const send = (frame: object): void => window.postMessage({ kind: 'frame', frame })
  if (random.chance(0.9)) {
    send({ t: 'hello', ...pageHello })
    if (!(await said.until('"hello"'))) return 'it does not answer a hello'
  }
  for (let count = random.below(10); count > 0; count -= 1) {
    window.postMessage(windowMessage(random))
  }
  if (random.chance(0.1)) window.close()
  else send(lastCall)
  const isDone = await said.until(`"id":${lastCall.id}`)
  window.close()
  return isDone ? said.wrong() : 'it neither answers nor closes the port'
}

interface Said {
  /** Whether this was said, or the port closed, in good time. */
  until(text: string): Promise<boolean>
  wrong(): string | null
}

function listen(window: MessagePort): Said {
  let wrong: string | null = null
  let isClosed = false
  const heard: string[] = []
  const waiting = new Set<() => void>()
  const tell = (): void => waiting.forEach((look) => look())
  window.on('message', (data: unknown) => {
    const envelope = readEnvelope(data)
    if (envelope === null) wrong ??= 'it sent no envelope'
    else if (envelope.kind === 'close') wrong ??= wrongWith(envelope.reason)
    else heard.push(JSON.stringify(envelope.frame))
    if (heard.at(-1)?.includes('"code":"internal"') === true) wrong ??= heard.at(-1) ?? null
    tell()
  })
  window.on('close', () => {
    isClosed = true
    tell()
  })
  return {
    wrong: () => wrong,
    until: async (text) => {
      const end = Promise.withResolvers<boolean>()
      const look = (): void => {
        if (isClosed || heard.some((one) => one.includes(text))) end.resolve(true)
      }
      const timer = setTimeout(() => end.resolve(false), longestMs)
      waiting.add(look)
      look()
      const came = await end.promise
      clearTimeout(timer)
      waiting.delete(look)
      return came
    },
  }
}

async function served(relay: RelayOptions): Promise<string | null> {
  // The page's end of a port, which Node's is in all that the transport uses.
  const window = windowPort(relay) as unknown as globalThis.MessagePort
  return await isServed(messagePortTransport(window))
}
