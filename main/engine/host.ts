import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../domain/logger.ts'
import type { ContractTable } from '../../preload/contract/procedure.ts'
import { socketAddress } from '../rpc/local-socket.ts'
import { createRouter } from '../rpc/router.ts'
import { ensureHomeId, homeAt, homeDirectory, prepareHome } from './home.ts'
import { IdleWatch } from './idle-watch.ts'
import { lastMoment } from './last-moment.ts'
import { openEngineLog, openEngineParts } from './open-parts.ts'
import { endOnCrash, endOnSignal } from './process-end.ts'
import type { CreateServices, EngineServices } from './services-port.ts'
import { SocketServer } from './socket-server.ts'
import { systemClock } from './system-clock.ts'
import { waitForLock } from './wait-for-lock.ts'

export interface HostOptions<C extends ContractTable> {
  readonly contract: C
  readonly contractVersion: number
  readonly version: string
  readonly createServices: CreateServices<C>
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** How long the next engine waits for one that leaves; this one's writes end a little sooner. */
const handOverMs = 15_000
const defaultIdleMs = 5_000

/**
 * The life of the engine process: takes the home, serves clients, leaves when nobody needs it.
 * Resolves with the exit status; 0 too when another engine has the home already. A failure is in
 * the log (once there is one) and is thrown for the entry to print.
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
  const lock = await waitForLock(home, info, handOverMs)
  if (lock === null) return 0

  const { log, redactor, token } = openEngineLog(home)
  endOnCrash(log)
  log.info({ ...info, home: home.dir }, 'The engine starts.')
  try {
    const parts = await openEngineParts(home, clock, log)
    clock.notBefore(lastMoment(parts.database) ?? 0)
    const leaving = Promise.withResolvers<string>()
    const departure = { whenWorkEnds: () => leaving.resolve('it was asked to at its start') }
    const services = await options.createServices({
      ...parts,
      home,
      homeId: ensureHomeId(home),
      version,
      startedAt,
      clock,
      log,
      redactor,
      shutdown: ({ force }) =>
        force ? leaving.resolve('a client asked for it') : departure.whenWorkEnds(),
    })
    const server = new SocketServer({
      address,
      token,
      hello: { version, contractVersion, role: 'engine' },
      router: createRouter(contract, services.handlers, log, redactor),
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
      onRest: () => clock.followWall(),
    })
    departure.whenWorkEnds = () => watch.leaveWhenWorkEnds()

    const why = await leaving.promise
    log.info({ why }, 'The engine leaves.')
    watch.stop()
    server.stopListening()
    await stopServices(services, log)
    server.closeAll(`the engine left because ${why}`)
    parts.database.close()
    lock.release()
    log.info({}, 'The engine has left.')
    return 0
  } catch (err) {
    log.error({ err }, 'The engine cannot go on.')
    throw err
  }
}

/** The journal makes leaving in the middle harmless, so a business that hangs is not waited for. */
async function stopServices<C extends ContractTable>(
  services: EngineServices<C>,
  log: Logger,
): Promise<void> {
  const late = delay(handOverMs - 2_000, 'late' as const, { ref: false })
  const outcome = await Promise.race([services.stop(), late])
  if (outcome === 'late') log.error({}, 'The jobs did not settle in time; the next engine does it.')
}
