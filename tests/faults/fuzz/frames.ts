import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contract, contractVersion } from '../../../preload/contract/contract.ts'
import { SocketServer } from '../../../main/engine/socket-server.ts'
import { silentLogger } from '../../../main/domain/logger.ts'
import { authenticateTo } from '../../../main/rpc/authenticate.ts'
import { lineTransport } from '../../../main/rpc/line-transport.ts'
import { createRouter } from '../../../main/rpc/router.ts'
import { servicesRig } from '../../support/services-rig.ts'
import { broke, held, type Injection } from '../fault-class.ts'
import { nasty, nastyString } from './nasty.ts'
import { nastyFrame } from './nasty-frame.ts'
import { seeded, type Random } from './random.ts'

const token = 'a token of the test'

/** Raw bytes before the proof of the token, and frames after it, against the engine's own socket. */
export async function* fuzzFrames(seed: number, runs: number): AsyncGenerator<Injection> {
  const folder = await mkdtemp(join(tmpdir(), 'sublet-frames-'))
  const rig = await servicesRig([])
  const address = join(folder, 'socket')
  const hello = { version: '1', contractVersion, role: 'engine' }
  const server = new SocketServer({
    address,
    token,
    log: silentLogger,
    router: createRouter(contract, rig.handlers, silentLogger),
    hello,
    onDrain: () => undefined,
  })
  const random = seeded(seed)
  try {
    await server.listen()
    for (const [what, talk] of [
      ['bytes before the token', before],
      ['frames after the token', after],
    ] as const) {
      let problem: string | null = null
      for (let run = 0; run < runs && problem === null; run += 1) {
        await talk(address, random)
        if (run % 20 === 0) problem = await stillAnswers(address)
      }
      problem ??= await stillAnswers(address)
      yield problem === null ? { ...held(what), count: runs } : broke(what, problem)
    }
  } finally {
    server.closeAll('over')
    server.stopListening()
    rig.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function bytesOf(random: Random): Buffer {
  switch (random.below(4)) {
    case 0:
      return Buffer.from(Array.from({ length: random.below(500) }, () => random.below(256)))
    case 1:
      return Buffer.from(
        `${JSON.stringify({ t: 'proof', nonce: nasty(random), proof: nasty(random) })}\n`,
      )
    case 2:
      return Buffer.from(`${JSON.stringify(nasty(random))}\n`)
    default:
      return Buffer.from(`POST / HTTP/1.1\r\nHost: ${nastyString(random)}\r\n\r\n`)
  }
}

/** Writes and leaves, or waits until it is shown the door. */
async function before(address: string, random: Random): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = connect(address)
    socket.on('error', () => undefined)
    socket.once('close', () => resolve())
    socket.resume()
    socket.write(bytesOf(random))
    socket.end()
  })
}

async function after(address: string, random: Random): Promise<void> {
  const socket = connect(address)
  socket.on('error', () => undefined)
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()))
  const transport = lineTransport(socket)
  await authenticateTo(transport, token)
  transport.receive(() => undefined)
  if (random.chance(0.9)) transport.send({ t: 'hello', version: '1', contractVersion, role: 'x' })
  for (let count = random.below(20); count > 0; count -= 1) transport.send(nastyFrame(random))
  socket.end()
  await closed
}

async function stillAnswers(address: string): Promise<string | null> {
  const socket = connect(address)
  socket.on('error', () => undefined)
  const transport = lineTransport(socket)
  try {
    await authenticateTo(transport, token)
    return null
  } catch (error) {
    return `it lets nobody in any more: ${String(error)}`
  } finally {
    socket.destroy()
  }
}
