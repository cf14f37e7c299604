import { contract, contractVersion } from '../../preload/contract/contract.ts'
import { silentLogger } from '../../main/domain/logger.ts'
import { serveConnection } from '../../main/rpc/connection.ts'
import type { Handlers } from '../../main/rpc/handlers.ts'
import { memoryTransportPair } from '../../main/rpc/memory-transport.ts'
import { createRouter } from '../../main/rpc/router.ts'
import { createEngine, type Engine } from '../../renderer/engine.ts'

/** A page's engine, joined in memory with handlers: the real ones, or a test's. Close it. */
export function pageEngine(handlers: Handlers<typeof contract>): Engine {
  const router = createRouter(contract, handlers, silentLogger)
  const hello = { version: '1.0.0', contractVersion, role: 'engine' }
  return createEngine({
    connect: async () => {
      const [page, engine] = memoryTransportPair()
      serveConnection(engine, { hello, router, log: silentLogger, onDrain: () => undefined })
      return page
    },
    version: '1.0.0',
    role: 'page',
  })
}
