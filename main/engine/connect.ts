import { setTimeout as delay } from 'node:timers/promises'
import { contract, contractVersion } from '../../preload/contract/contract.ts'
import type { Contract } from '../../preload/contract/contract.ts'
import { SubletError } from '../domain/errors.ts'
import { authenticateTo } from '../rpc/authenticate.ts'
import { createClient } from '../rpc/client/client.ts'
import type { Client } from '../rpc/client/client.ts'
import type { Hello } from '../rpc/client/frames.ts'
import type { Transport } from '../rpc/client/transport.ts'
import type { ContractTable } from '../../preload/contract/procedure.ts'
import { lineTransport } from '../rpc/line-transport.ts'
import { connectLocal } from '../rpc/local-socket.ts'
import { readToken } from '../rpc/token.ts'
import { homeAt, homeDirectory } from './home.ts'
import type { Home } from './home.ts'
import { readEngineInfo, refuseOtherComputer } from './engine-info.ts'
import { startEngine } from './start-engine.ts'
import type { EngineProgram, StartedEngine } from './start-engine.ts'
import { compareVersions } from './version.ts'

export interface ConnectOptions {
  /** The home's folder; SUBLET_HOME or the system's place unless given. */
  readonly home?: string
  readonly clientVersion: string
  /** `cli`, `desktop`, `serve`. */
  readonly role: string
  /** Also replaces an older engine. Without it, no engine is `unreachable`. */
  readonly startIfAbsent: boolean
  readonly signal?: AbortSignal
  /** Another program than the one beside this file (packaging, tests). */
  readonly program?: Partial<EngineProgram>
}

/** Longest wait for a started engine's socket; a leaving one may take as long before it. */
const startWithinMs = 10_000
const leaveWithinMs = 20_000

/** Connects to the home's engine and starts it where there is none. For every host. */
export function connectEngine(options: ConnectOptions): Promise<Client<Contract>> {
  return connectTo(contract, contractVersion, options)
}

/** A connection on which nothing has been said yet but the token, and a client beside it. */
export interface EngineLine {
  readonly client: Client<Contract>
  readonly transport: Transport
}

/**
 * Makes sure that a current engine runs and opens a second, raw connection to it, for a host that
 * relays a renderer: the renderer says its own hello. The caller closes both.
 */
export async function openEngineLine(options: ConnectOptions): Promise<EngineLine> {
  const home = homeAt(options.home ?? homeDirectory())
  const client = await connectEngine(options)
  try {
    const transport = await tryLine(home, (line) => line)
    if (transport !== null) return { client, transport }
  } catch (error) {
    client.close()
    throw error
  }
  client.close()
  throw absent(home)
}

/** `connectEngine` for any contract. */
export async function connectTo<C extends ContractTable>(
  table: C,
  tableVersion: number,
  options: ConnectOptions,
): Promise<Client<C>> {
  const home = homeAt(options.home ?? homeDirectory())
  const hello = {
    version: options.clientVersion,
    contractVersion: tableVersion,
    role: options.role,
  }
  let deadline = performance.now() + startWithinMs
  let started: StartedEngine | null = null
  for (;;) {
    options.signal?.throwIfAborted()
    const client = await tryConnect(home, table, hello, options.signal)
    if (client !== null) {
      if (!isOutdated(client.engine, hello, options.startIfAbsent)) return client
      await replace(client)
      deadline = performance.now() + startWithinMs
      started = null
      continue
    }
    if (!options.startIfAbsent) throw absent(home)
    refuseOtherComputer(home)
    started ??= startEngine(home, options.program)
    const failure = started.failure()
    if (failure !== null) throw failure
    // It found another engine, which left before we could connect: start once more.
    if (started.hasLeft()) started = null
    if (performance.now() > deadline) {
      throw started?.late() ?? absent(home)
    }
    await delay(25, undefined, options.signal === undefined ? {} : { signal: options.signal })
  }
}

/** Null when no engine listens, or one left while we were speaking. */
async function tryConnect<C extends ContractTable>(
  home: Home,
  table: C,
  hello: Hello,
  signal: AbortSignal | undefined,
): Promise<Client<C> | null> {
  return await tryLine(home, (transport) => createClient(table, transport, hello, signal))
}

/** What `use` made of an authenticated connection; null as above. */
async function tryLine<T>(
  home: Home,
  use: (transport: Transport) => Promise<T> | T,
): Promise<T | null> {
  const [info, token] = [readEngineInfo(home), readToken(home.tokenFile)]
  if (info === null || token === null) return null
  const socket = await connectLocal(info.address)
  if (socket === null) return null
  const transport = lineTransport(socket)
  let lost = false
  transport.onClose(() => {
    lost = true
  })
  try {
    await authenticateTo(transport, token)
    return await use(transport)
  } catch (error) {
    const { code } = error instanceof SubletError ? error : { code: 'internal' }
    if (lost && code === 'unreachable') return null
    transport.close('the client could not connect')
    throw error
  }
}

/** True when the engine should be replaced; a `version` error when it cannot be used as it is. */
function isOutdated(engine: Hello, hello: Hello, mayStart: boolean): boolean {
  if (engine.contractVersion > hello.contractVersion) {
    throw new SubletError(
      'version',
      `The engine is Sublet ${engine.version}, newer than this program (${hello.version}); update this program.`,
    )
  }
  const older = engine.contractVersion < hello.contractVersion
  if (older && !mayStart) {
    throw new SubletError(
      'version',
      `The engine is Sublet ${engine.version}, older than this program (${hello.version}); start a job or open the app to replace it.`,
    )
  }
  return mayStart && (older || compareVersions(hello.version, engine.version) > 0)
}

async function replace(client: Client<ContractTable>): Promise<void> {
  client.drain()
  const left = await Promise.race([client.closed, delay(leaveWithinMs, null, { ref: false })])
  if (left !== null) return
  client.close()
  throw new SubletError(
    'version',
    `The older engine (Sublet ${client.engine.version}) does not leave; end its process and try again.`,
  )
}

function absent(home: Home): SubletError {
  return new SubletError('unreachable', `No engine runs for ${home.dir}.`)
}
