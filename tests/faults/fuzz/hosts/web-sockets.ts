import type { Socket } from 'node:net'
import { serverFrameSchema } from '../../../../main/rpc/client/frames.ts'
import type { Injection } from '../../fault-class.ts'
import type { Random } from '../random.ts'
import { isServed, lastCall, ownPage, pageHello } from './page.ts'
import { afterHead, rawSocket, statusOf } from './raw-socket.ts'
import { repeated } from './repeat.ts'
import { ownUpgrade, upgradeRequest, type Door } from './upgrade-request.ts'
import {
  anyBytes,
  messageBytes,
  oversized,
  readServerBytes,
  webSocketBytes,
} from './web-socket-bytes.ts'

const atOnce = 16
/** Sending 16 MiB each time would measure this computer's memory and nothing else. */
const oversizedEvery = 1_000

/** Requests for the engine's WebSocket: the own page's get in, in whatever pieces, and no other. */
export async function fuzzUpgrades(door: Door, random: Random, runs: number): Promise<Injection> {
  return await repeated({
    what: 'requests for the WebSocket of the browser host',
    runs,
    atOnce,
    one: () => upgrade(door, random),
    still: () => isServed(ownPage(door)),
  })
}

async function upgrade(door: Door, random: Random): Promise<string | null> {
  const { bytes, isOwn } = upgradeRequest(door, random)
  const [cut, goes] = [random.below(bytes.length), random.below(10)]
  const { bytes: answer, ended } = await rawSocket(door.port, (socket, received) => {
    // Gone in the middle, or between the question and its answer.
    if (!isOwn && goes === 0) socket.end(bytes.subarray(0, cut))
    else if (!isOwn && goes === 1) socket.write(bytes, () => socket.resetAndDestroy())
    else {
      socket.write(bytes.subarray(0, cut))
      setImmediate(() => socket.write(bytes.subarray(cut)))
      socket.on('data', () => {
        if (received().includes('\r\n\r\n')) socket.destroy()
      })
    }
  })
  const status = statusOf(answer)
  if (!ended) return `nothing came to ${bytes.toString('latin1', 0, 600)}`
  if ((status === 101) === isOwn) return null
  return `${status} to ${isOwn ? 'the own page' : 'a stranger'}: ${bytes.toString('latin1', 0, 900)}`
}

/** Bytes on an open WebSocket: what is no protocol ends that connection, and nothing else. */
export async function fuzzSocketBytes(
  door: Door,
  random: Random,
  runs: number,
): Promise<Injection> {
  return await repeated({
    what: 'bytes on an open WebSocket of the browser host',
    runs,
    atOnce,
    one: (run) => talk(door, random, run % oversizedEvery === oversizedEvery / 2),
    still: () => isServed(ownPage(door)),
  })
}

async function talk(door: Door, random: Random, large: boolean): Promise<string | null> {
  const parts = Array.from({ length: 1 + random.below(6) }, () => webSocketBytes(random))
  if (large) parts.push(oversized())
  const breaks = random.chance(0.1)
  if (breaks) parts.push(anyBytes(random))
  const [leaves, greets, early] = [random.below(20), random.chance(0.8), random.chance(0.2)]
  const { bytes, ended } = await rawSocket(door.port, (socket, received) => {
    const hears = (text: string): boolean => {
      const { texts, reasons } = readServerBytes(afterHead(received()))
      // A reason is the door, which a browser would now close behind itself.
      return reasons.length > 0 || texts.some((one) => one.includes(text))
    }
    const attack = (): void => {
      for (const part of parts) socket.write(part)
      if (breaks || leaves < 2) leave(socket, leaves)
      else {
        socket.write(messageBytes(lastCall))
        when(
          socket,
          () => hears(`"id":${lastCall.id}`),
          () => socket.end(),
        )
      }
    }
    socket.write(ownUpgrade(door))
    if (greets) socket.write(messageBytes({ t: 'hello', ...pageHello }))
    // Some before there is an answer, as no browser would.
    if (early) attack()
    else when(socket, () => (greets ? hears('"hello"') : received().includes('\r\n\r\n')), attack)
  })
  if (!ended) return `it hangs after ${Buffer.concat(parts).toString('hex').slice(0, 400)}`
  return wrongAnswer(bytes)
}

/** Goes on once what came holds enough. */
function when(socket: Socket, enough: () => boolean, goOn: () => void): void {
  const look = (): void => {
    if (!enough()) return
    socket.off('data', look)
    goOn()
  }
  socket.on('data', look)
  look()
}

function leave(socket: Socket, how: number): void {
  if (how === 0) socket.destroy()
  else if (how === 1) socket.resetAndDestroy()
  else socket.end()
}

function wrongAnswer(bytes: Buffer): string | null {
  const { texts, reasons } = readServerBytes(afterHead(bytes))
  for (const text of texts) {
    const frame = serverFrameSchema.safeParse(JSON.parse(text))
    if (!frame.success) return `it said ${text.slice(0, 300)}`
  }
  // A reason of the peer's own is said back, as the protocol asks.
  return [...texts, ...reasons].find((one) => /"code":"internal"|\n\s+at |node:/.test(one)) ?? null
}
