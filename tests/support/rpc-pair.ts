import { z } from 'zod'
import { call, stream } from '../../preload/contract/procedure.ts'
import { silentLogger } from '../../main/domain/logger.ts'
import type { Logger } from '../../main/domain/logger.ts'
import { createClient } from '../../main/rpc/client/client.ts'
import { serveConnection } from '../../main/rpc/connection.ts'
import type { Handlers } from '../../main/rpc/handlers.ts'
import { memoryTransportPair } from '../../main/rpc/memory-transport.ts'
import { createRouter } from '../../main/rpc/router.ts'

/** A small contract with one procedure of each kind that tests need. */
export const testContract = {
  maths: {
    double: call(z.object({ value: z.int() }), z.object({ value: z.int() })),
    wait: call(z.object({}), z.object({})),
    count: stream(
      z.object({ to: z.int() }),
      z.object({ from: z.int() }),
      z.object({ value: z.int(), pad: z.string().optional() }),
    ),
  },
} as const

export type TestHandlers = Handlers<typeof testContract>

export const testHello = { version: '1.0.0', contractVersion: 1, role: 'test' }

/** Doubles, waits for ever, counts up. */
export const testHandlers: TestHandlers = {
  maths: {
    double: async ({ value }) => ({ value: value * 2 }),
    wait: (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('stop', 'AbortError')))
      }),
    count: async ({ to }) => ({
      snapshot: { from: 0 },
      events: (async function* () {
        for (let value = 1; value <= to; value += 1) yield { value }
      })(),
    }),
  },
}

/** The engine's end of a connection, and the client's end to speak frames on by hand. */
export function serveTest(handlers: TestHandlers = testHandlers, log: Logger = silentLogger) {
  const [clientEnd, serverEnd] = memoryTransportPair()
  let drains = 0
  serveConnection(serverEnd, {
    hello: { ...testHello, role: 'engine' },
    router: createRouter(testContract, handlers, log),
    log,
    onDrain: () => {
      drains += 1
    },
  })
  return { clientEnd, serverEnd, drains: () => drains }
}

/** A client and an engine's end, joined in memory. */
export async function rpcPair(handlers: TestHandlers = testHandlers, log: Logger = silentLogger) {
  const served = serveTest(handlers, log)
  return { ...served, client: await createClient(testContract, served.clientEnd, testHello) }
}
