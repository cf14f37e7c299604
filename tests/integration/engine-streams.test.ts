import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../main/domain/logger.ts'
import { SocketServer } from '../../main/engine/socket-server.ts'
import { authenticateTo } from '../../main/rpc/authenticate.ts'
import { createClient } from '../../main/rpc/client/client.ts'
import { lineTransport } from '../../main/rpc/line-transport.ts'
import { connectLocal } from '../../main/rpc/local-socket.ts'
import { createRouter } from '../../main/rpc/router.ts'
import { eventually } from '../support/eventually.ts'
import { testContract, testHandlers, testHello } from '../support/rpc-pair.ts'

const eventBytes = 64 * 2 ** 10
const token = 'a token for this test'

let dir: string
let server: SocketServer
let pulled: number

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'sublet-streams-'))
  pulled = 0
  const handlers = {
    maths: {
      ...testHandlers.maths,
      count: async ({ to }: { to: number }) => ({
        snapshot: { from: 0 },
        events: (async function* () {
          for (let value = 1; value <= to; value += 1) {
            pulled += 1
            yield { value, pad: 'x'.repeat(eventBytes) }
          }
        })(),
      }),
    },
  }
  server = new SocketServer({
    address: join(dir, 'engine.sock'),
    token,
    hello: { ...testHello, role: 'engine' },
    router: createRouter(testContract, handlers, silentLogger),
    log: silentLogger,
    onDrain: () => undefined,
  })
  await server.listen()
})
afterEach(() => {
  server.stopListening()
  server.closeAll('the test is over')
  rmSync(dir, { recursive: true })
})

async function socketToEngine() {
  const socket = await connectLocal(join(dir, 'engine.sock'))
  if (socket === null) throw new Error('nobody listens')
  const transport = lineTransport(socket)
  await authenticateTo(transport, token)
  return { socket, client: await createClient(testContract, transport, testHello) }
}

describe('streams over the real socket', () => {
  it('a reader that stops reading costs the engine its credit and no more', async () => {
    const { client } = await socketToEngine()
    const stream = await client.api.maths.count({ to: 100_000 }, { credit: 16 })
    await eventually(() => pulled === 16)
    for (let i = 0; i < 20; i += 1) await client.api.maths.double({ value: i })
    expect(pulled).toBe(16)
    stream.close()
    client.close()
  })

  it('a client that grants itself endless credit costs what its socket buffers', async () => {
    const { socket, client } = await socketToEngine()
    const stream = await client.api.maths.count({ to: 1_000 }, { credit: 100_000 })
    socket.pause()
    const other = await socketToEngine()
    for (let i = 0; i < 20; i += 1) await other.client.api.maths.double({ value: i })
    const stalledAt = pulled
    for (let i = 0; i < 20; i += 1) await other.client.api.maths.double({ value: i })
    expect(pulled).toBe(stalledAt)
    expect(stalledAt * eventBytes).toBeLessThan(8 * 2 ** 20)
    socket.resume()
    let count = 0
    for await (const event of stream.events) count = event.value
    expect(count).toBe(1_000)
  })

  it('carries 200 MB in order', async () => {
    const { client } = await socketToEngine()
    const stream = await client.api.maths.count({ to: 3_200 })
    let expected = 1
    for await (const event of stream.events) {
      expect(event.value).toBe(expected)
      expected += 1
    }
    expect(expected).toBe(3_201)
    client.close()
  })

  it('a hundred streams at once do not hold each other up', async () => {
    const { client } = await socketToEngine()
    const streams = await Promise.all(
      Array.from({ length: 100 }, () => client.api.maths.count({ to: 20 }, { credit: 4 })),
    )
    const counts = await Promise.all(
      // The first is never read.
      streams.slice(1).map(async (stream) => {
        let count = 0
        for await (const event of stream.events) count = event.value
        return count
      }),
    )
    expect(counts.every((count) => count === 20)).toBe(true)
    client.close()
  })
})
