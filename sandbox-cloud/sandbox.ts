import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { apiServer } from './api/http.ts'
import { cloudRoutes } from './api/routes.ts'
import { controlRoutes } from './api/control.ts'
import { Cloud } from './cloud.ts'
import type { SandboxClock } from './clock.ts'
import type { Options } from './command-line.ts'
import { Extras } from './extras.ts'
import { Faults } from './faults.ts'
import { Lifecycle } from './lifecycle.ts'
import { MachineHost } from './machine/host.ts'
import { Machines } from './machines.ts'
import { PriceList } from './offers.ts'
import { Store } from './store.ts'

interface AccountSetting {
  readonly quota: number
  readonly balanceMicros: number
}
const newAccount: AccountSetting = { quota: 500, balanceMicros: 10_000_000_000 }

/**
 * Runs the whole sandbox in its folder until it is stopped or has been idle for long enough.
 * Resolves when everything is closed. Throws (`isLocked`) while another one has the folder.
 */
export async function runSandbox(
  options: Options,
  clock: SandboxClock,
  shell: string,
  log: (message: string) => void,
): Promise<void> {
  const { stateDir } = options
  if (!existsSync(stateDir)) mkdirSync(stateDir, { mode: 0o700 })
  const store = new Store(join(stateDir, 'state.db'))
  const wrote = (): void => writeSummary(stateDir, machines, clock)
  const extras = new Extras(store, wrote)
  const machines: Machines = new Machines(store, extras, wrote)
  const faults = new Faults(store)
  const prices = new PriceList(store)
  const host: MachineHost = new MachineHost(join(stateDir, 'machines'), shell, () =>
    lifecycle.lookNow(),
  )
  const lifecycle = new Lifecycle({ clock, machines, extras, host, faults, log })
  const account = (): AccountSetting => ({
    ...newAccount,
    ...(store.setting('account') as Partial<AccountSetting> | undefined),
  })
  const cloud = new Cloud({
    clock,
    machines,
    lifecycle,
    extras,
    faults,
    prices,
    quota: () => account().quota,
  })

  let lastActive = Date.now()
  const stopped = Promise.withResolvers<void>()
  const token = randomBytes(32).toString('hex')
  const server = apiServer({
    token,
    faults,
    active: () => {
      lastActive = Date.now()
    },
    routes: [
      ...cloudRoutes({
        cloud,
        machines,
        clock,
        balanceMicros: () => account().balanceMicros,
        stop: () => setImmediate(stopped.resolve),
      }),
      ...controlRoutes({
        cloud,
        extras,
        faults,
        machines,
        host,
        prices,
        lifecycle,
        clock,
        setAccount: (change) => store.setSetting('account', { ...account(), ...change }),
      }),
    ],
  })

  await lifecycle.resume()
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  const endpointPath = join(stateDir, 'endpoint.json')
  writePrivate(endpointPath, {
    url: `http://127.0.0.1:${port}`,
    token,
    pid: process.pid,
    startedAt: Date.now(),
  })
  log(`ready on port ${port}`)

  const idleTimer = setInterval(
    () => {
      // Somebody has deleted our folder: nobody will ever find us again.
      if (!existsSync(endpointPath))
        void releaseAll(machines, lifecycle, clock).finally(stopped.resolve)
      else if (machines.live().length > 0) lastActive = Date.now()
      else if (Date.now() - lastActive > options.idleMs) stopped.resolve()
    },
    Math.min(1000, options.idleMs / 2),
  )
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stopped.resolve())
  process.on('SIGHUP', () => log('ignored a hang-up'))

  await stopped.promise
  const orphaned = !existsSync(endpointPath)
  clearInterval(idleTimer)
  rmSync(endpointPath, { force: true })
  const closed = new Promise((resolve) => server.close(resolve))
  await lifecycle.close()
  host.close()
  // The answer to `stop` may still be on its way: a moment for it, then the rest is cut.
  setTimeout(() => server.closeAllConnections(), 200)
  await closed
  if (!orphaned) writeSummary(stateDir, machines, clock)
  store.close()
  log('ended')
}

async function releaseAll(
  machines: Machines,
  lifecycle: Lifecycle,
  clock: SandboxClock,
): Promise<void> {
  const ends = machines
    .live()
    .map(({ id }) => lifecycle.end(id, clock.now(), 'The sandbox was deleted.'))
  await Promise.allSettled(ends)
}

/** What can be read while the sandbox does not run. */
function writeSummary(stateDir: string, machines: Machines, clock: SandboxClock): void {
  if (!existsSync(stateDir)) return
  const now = clock.now()
  writePrivate(join(stateDir, 'summary.json'), {
    ...machines.summary(now),
    billables: machines.billables(),
    at: now,
  })
}

function writePrivate(path: string, value: unknown): void {
  writeFileSync(`${path}.new`, JSON.stringify(value), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
