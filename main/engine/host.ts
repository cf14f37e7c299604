import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { SubletError } from '../domain/errors.ts'
import { openLog } from '../logging/log.ts'
import { createRedactor } from '../logging/redactor.ts'
import type { ContractTable } from '../rpc/handlers.ts'
import { connectLocal, socketAddress } from '../rpc/local-socket.ts'
import { createRouter } from '../rpc/router.ts'
import { ensureToken } from '../rpc/token.ts'
import { openVault } from '../secrets/open-vault.ts'
import { createSettings } from '../settings/settings.ts'
import { openDatabase } from '../store/open.ts'
import { settingRows } from '../store/setting-rows.ts'
import { vaultNames } from '../store/vault-names.ts'
import { ensureHomeId, homeAt, homeDirectory, prepareHome } from './home.ts'
import { IdleWatch } from './idle-watch.ts'
import { takeLock } from './lock.ts'
import type { EngineInfo, EngineLock } from './lock.ts'
import { endOnCrash, endOnSignal } from './process-end.ts'
import type { CreateServices } from './services-port.ts'
import { SocketServer } from './socket-server.ts'
import { systemClock } from './system-clock.ts'

export interface HostOptions<C extends ContractTable> {
  readonly contract: C
  readonly contractVersion: number
  readonly version: string
  readonly createServices: CreateServices<C>
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** An engine that leaves finishes its writes within this; the next one waits as long. */
const handOverMs = 15_000
const defaultIdleMs = 5_000

/**
 * The life of the engine process: takes the home, serves clients, leaves when nobody needs it.
 * Resolves with the exit status; 0 too when another engine has the home already.
 */
export async function runEngine<C extends ContractTable>(options: HostOptions<C>): Promise<number> {
  const { contract, contractVersion, version, environment } = options
  process.umask(0o077)
  const home = homeAt(homeDirectory(environment))
  prepareHome(home)
  const clock = systemClock(environment['SUBLET_CLOCK'])
  const address = socketAddress(home.dir)
  const startedAt = clock.now()
  const info = { pid: process.pid, host: hostname(), version, address, startedAt }
  const lock = await waitForLock(() => takeLock(home, info), info)
  if (lock === null) return 0

  const redactor = createRedactor()
  const token = ensureToken(home.tokenFile)
  redactor.add(token)
  const log = openLog({ file: home.logFile, redactor })
  endOnCrash(log)
  log.info({ ...info, home: home.dir }, 'The engine starts.')

  const database = openDatabase(home.databaseFile)
  const vault = await openVault({ names: vaultNames(database), now: () => clock.now() })
  if (vault.state.kind === 'session') log.warn({}, vault.state.sentence)

  const leaving = Promise.withResolvers<string>()
  let leaveWhenWorkEnds = () => leaving.resolve('it was asked to before it had started')
  const services = await options.createServices({
    home,
    homeId: ensureHomeId(home),
    version,
    startedAt,
    database,
    clock,
    vault,
    settings: createSettings(settingRows(database), log),
    log,
    redactor,
    shutdown: ({ force }) => (force ? leaving.resolve('a client asked') : leaveWhenWorkEnds()),
  })
  const server = new SocketServer({
    address,
    token,
    hello: { version, contractVersion, role: 'engine' },
    router: createRouter(contract, services.handlers, log),
    log,
    onDrain: () => leaving.resolve('a newer version takes over'),
  })
  await server.listen()
  endOnSignal((signal) => leaving.resolve(`it received ${signal}`))
  await Promise.race([services.start(), leaving.promise])
  const watch = new IdleWatch({
    idleMs: Number(environment['SUBLET_ENGINE_IDLE_MS'] ?? defaultIdleMs),
    clients: () => server.clients,
    activity: () => services.activity(),
    onIdle: () => leaving.resolve('nobody needs it'),
  })
  leaveWhenWorkEnds = () => watch.leaveWhenWorkEnds()

  const why = await leaving.promise
  log.info({ why }, 'The engine leaves.')
  watch.stop()
  server.stopListening()
  await withinHandOver(services.stop(), 'the jobs did not settle')
  server.closeAll(`the engine left because ${why}`)
  database.close()
  lock.release()
  log.info({}, 'The engine has left.')
  log.close()
  return 0
}

/** Waits out an engine that is leaving; null when one runs that answers. */
async function waitForLock(
  take: () => EngineLock | null,
  { address }: EngineInfo,
): Promise<EngineLock | null> {
  const deadline = performance.now() + handOverMs
  for (;;) {
    const lock = take()
    if (lock !== null) return lock
    const socket = await connectLocal(address)
    socket?.destroy()
    if (socket !== null) return null
    if (performance.now() > deadline) {
      throw new SubletError(
        'conflict',
        'Another engine of this home neither answers nor leaves; end its process and try again.',
      )
    }
    await delay(50)
  }
}

async function withinHandOver(work: Promise<void>, complaint: string): Promise<void> {
  const late = delay(handOverMs - 2_000, 'late' as const, { ref: false })
  if ((await Promise.race([work, late])) === 'late') throw new SubletError('internal', complaint)
}
