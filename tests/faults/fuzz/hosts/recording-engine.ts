import { writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { contractVersion } from '../../../../preload/contract/contract.ts'
import { silentLogger } from '../../../../main/domain/logger.ts'
import { homeAt, prepareHome } from '../../../../main/engine/home.ts'
import { SocketServer } from '../../../../main/engine/socket-server.ts'
import { subletVersion } from '../../../../main/engine/version.ts'
import { socketAddress } from '../../../../main/rpc/local-socket.ts'
import type { Router } from '../../../../main/rpc/router.ts'
import { ensureToken } from '../../../../main/rpc/token.ts'

/** What the host itself passes along; a page that gets another one to the engine has broken out. */
export const hostEnvironment = { SSH_AUTH_SOCK: '/run/agent-of-the-host' }
const mostEvents = 300

export interface RecordingEngine {
  /** Connections that are open. */
  readonly clients: () => number
  /** Requests that arrived so far. */
  readonly requests: () => number
  /** What arrived and must not have; empty while all is well. */
  readonly problems: readonly string[]
  close(): void
}

/**
 * An engine on the real socket of a home, with the real connection and token, whose procedures do
 * nothing: what hosts let through to it is looked at instead. (The procedures are fuzzed by
 * themselves.) Streams give a few hundred events, as far as credit goes.
 */
export async function recordingEngine(homeDir: string): Promise<RecordingEngine> {
  const home = homeAt(homeDir)
  prepareHome(home)
  const problems: string[] = []
  let requests = 0
  const look = (method: string, input: unknown): void => {
    requests += 1
    const said = Object(input) as { readonly environment?: unknown }
    if (said.environment === undefined) return
    const text = JSON.stringify(said.environment)
    if (text !== JSON.stringify(hostEnvironment)) problems.push(`${method} came with ${text}`)
  }
  const router: Router = {
    call: async (method, input) => {
      look(method, input)
      return { ok: true, value: method === 'accounts.providers' ? [] : { method } }
    },
    open: async (method, input) => {
      look(method, input)
      const events = (async function* () {
        for (let n = 0; n < mostEvents; n += 1) yield { n }
      })()
      return { ok: true, value: { snapshot: { method }, events } }
    },
  }
  const [version, address] = [subletVersion(), socketAddress(home.dir)]
  const server = new SocketServer({
    address,
    token: ensureToken(home.tokenFile),
    hello: { version, contractVersion, role: 'engine' },
    router,
    log: silentLogger,
    onDrain: () => undefined,
  })
  await server.listen()
  const info = { pid: process.pid, host: hostname(), version, address, startedAt: 0 }
  writeFileSync(home.infoFile, JSON.stringify(info))
  return {
    clients: () => server.clients,
    requests: () => requests,
    problems,
    close: () => {
      server.stopListening()
      server.closeAll('the test is over')
    },
  }
}
