import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Notice } from '../../../preload/contract/overview.ts'
import type { RentalId } from '../../../preload/contract/rental.ts'
import { silentLogger } from '../../../main/domain/logger.ts'
import type { RentalEvent } from '../../../main/domain/rental/events.ts'
import { receiptsOf } from '../../../main/domain/rental/receipts.ts'
import type { RentalRecord } from '../../../main/domain/rental/record.ts'
import { homeAt, prepareHome } from '../../../main/engine/home.ts'
import { createServices } from '../../../main/engine/services.ts'
import type { EngineServices } from '../../../main/engine/services-port.ts'
import { systemClock } from '../../../main/engine/system-clock.ts'
import { HomePaths } from '../../../main/jobs/home-paths.ts'
import { Journal } from '../../../main/jobs/journal/journal.ts'
import { Ledger } from '../../../main/ledger/ledger.ts'
import { createRedactor } from '../../../main/logging/redactor.ts'
import type { BillableRef } from '../../../main/providers/provider.ts'
import { defaultSandboxDeps } from '../../../main/providers/sandbox/launcher.ts'
import { sandboxAccount, sandboxProvider } from '../../../main/providers/sandbox/provider.ts'
import { stopSandbox } from '../../../main/providers/sandbox/status.ts'
import { openVault } from '../../../main/secrets/open-vault.ts'
import { createSettings } from '../../../main/settings/settings.ts'
import type { Database } from '../../../main/store/database.ts'
import { openDatabase } from '../../../main/store/open.ts'
import { settingRows } from '../../../main/store/setting-rows.ts'
import { vaultNames } from '../../../main/store/vault-names.ts'
import { collect } from '../../support/collect.ts'
import { eventually } from '../../support/eventually.ts'
import { launchRequest, newLoginKey, newRentalId } from '../../support/rent.ts'
import { sandboxControl, type SandboxControl } from '../../support/sandbox.ts'

/** A round of the radar is 15 minutes of engine time: about a second of the test's. */
const speed = 900
const noKey = async (): Promise<never> => {
  throw new Error('There is none.')
}
const homeId = 'home-of-this-test'
const hour = 3_600_000
const forever = new AbortController().signal
const client = { signal: forever, client: { role: 'test', version: '1.2.3' } }

export type Listed = Awaited<
  ReturnType<EngineServices['handlers']['instances']['list']>
>['billables'][number]

export interface Rented {
  readonly id: RentalId
  readonly nativeId: string
}

/** An engine's business on a home of its own, with a practice cloud that can be given leaks. */
export interface LeakWorld {
  readonly sandbox: SandboxControl
  readonly homeId: string
  readonly handlers: EngineServices['handlers']
  /**
   * Ends the engine in the middle of whatever it does, and starts the next on the same home. `rent`
   * rents a machine as this home, in its journal; `warm` keeps it, else nothing needs it.
   */
  restart(
    whileDown?: (rent: (how: { readonly warm: boolean }) => Promise<Rented>) => Promise<void>,
  ): Promise<void>
  rental(id: RentalId): RentalRecord
  /** What the engine knows without asking anybody now: what its own rounds have found. */
  known(): Promise<{ readonly billables: readonly Listed[]; readonly fetchedAt: number }>
  /** Ends what is not ours by a typed name; answers whether it is gone. */
  endStranger(what: Pick<BillableRef, 'kind' | 'nativeId'>, typedName: string): Promise<boolean>
  notices(): Promise<readonly Pick<Notice, 'id' | 'sentence'>[]>
  /** Waits until a rental has so many receipts. */
  receipts(id: RentalId, count: number): Promise<void>
  /** Every rental with receipt whose books differ from the sandbox's bill, a sentence each. */
  untrueBooks(): Promise<readonly string[]>
  close(): Promise<void>
}

export async function leakWorld(): Promise<LeakWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'sublet-leaks-'))
  const home = homeAt(folder)
  prepareHome(home)
  const setting = `${speed}@${Date.now()}`
  const clock = systemClock(setting)
  const standard = defaultSandboxDeps()
  const deps = { ...standard, environment: { ...standard.environment, SUBLET_CLOCK: setting } }
  const provider = sandboxProvider(deps)
  const stateDir = new HomePaths(folder).provider('sandbox')
  const context = { clock, homeId, stateDir, environment: {}, log: () => undefined }
  const session = provider.connect(sandboxAccount, context)
  const sandbox = sandboxControl(stateDir, () => session.check(forever))
  const offers = await collect(session.offers({}, forever))
  const offer = offers.find(({ machineType, spot }) => machineType === 't4-1' && !spot)
  if (offer === undefined) throw new Error('The sandbox has no small machine.')

  const open = async () => {
    const database = openDatabase(home.databaseFile)
    const services = createServices(
      {
        home,
        homeId,
        version: '1.2.3',
        startedAt: clock.now(),
        database,
        clock,
        vault: await openVault({
          names: vaultNames(database),
          now: () => clock.now(),
          keychain: () => ({ get: noKey, set: noKey, delete: noKey }),
        }),
        settings: createSettings(settingRows(database), silentLogger),
        log: silentLogger,
        redactor: createRedactor(),
        shutdown: () => undefined,
      },
      [provider],
    )
    return { database, services }
  }
  const rented = new Set<RentalId>()
  const rent = async (database: Database, warm: boolean): Promise<Rented> => {
    const journal = new Journal(database, clock)
    const id = newRentalId()
    const endBy = clock.now() + 1_000 * hour
    const request = launchRequest(offer, newLoginKey().publicKey, clock.now(), {
      rentalId: id,
      endBy,
    })
    const write = (event: RentalEvent): void => journal.append({ rental: id, event })
    write({
      kind: 'intended',
      offer,
      accountId: sandboxAccount.id,
      homeId,
      environment: { kind: 'machine' },
      diskGiB: request.diskGiB,
      endBy,
      maxMicrosPerHour: offer.microsPerHour,
      estimateMicros: offer.microsPerHour,
    })
    write({ kind: 'launch-issued' })
    const { instanceId } = await session.launch(request, forever)
    write({ kind: 'launched', instanceId, billedFrom: null, gpuIndices: null })
    if (warm) write({ kind: 'kept-warm', until: endBy })
    rented.add(id)
    return { id, nativeId: instanceId }
  }
  let now = await open()
  await now.services.start()
  const stopEngine = async (): Promise<void> => {
    await now.services.stop()
    now.database.close()
  }
  // A second journal on the same rows: what it reads has been written.
  const rental = (id: RentalId): RentalRecord => new Journal(now.database, clock).rental(id)
  const list = async () => {
    const request = { environment: {}, maxAgeMs: Number.MAX_SAFE_INTEGER }
    const { billables, accounts } = await now.services.handlers.instances.list(request, client)
    return { billables, fetchedAt: accounts[0]?.fetchedAt ?? 0 }
  }
  return {
    sandbox,
    homeId,
    get handlers() {
      return now.services.handlers
    },
    restart: async (whileDown = async () => undefined) => {
      await stopEngine()
      const database = openDatabase(home.databaseFile)
      await whileDown(async ({ warm }) => await rent(database, warm))
      database.close()
      now = await open()
      await now.services.start()
    },
    rental,
    known: list,
    endStranger: async ({ kind, nativeId }, typedName) => {
      const input = { accountId: sandboxAccount.id, kind, nativeId, typedName, environment: {} }
      return (await now.services.handlers.instances.releaseStranger(input, client)).gone
    },
    notices: async () => {
      const leave = new AbortController()
      const watched = await now.services.handlers.system.watch(
        {},
        { ...client, signal: leave.signal },
      )
      leave.abort()
      return watched.snapshot.notices
    },
    receipts: async (id, count) => {
      await eventually(() => receiptsOf(rental(id)).length >= count, {
        timeoutMs: 30_000,
        everyMs: 25,
        what: `receipt ${count} of ${id}`,
      })
    },
    untrueBooks: async () => {
      const machines = await sandbox.machines()
      const entries = new Ledger(now.database).list()
      return [...rented].map(rental).flatMap(({ id, phase, instanceId }) => {
        if (phase !== 'released') return []
        const bill = machines.find((machine) => machine.id === instanceId)?.billing.billedMicros
        const booked = entries
          .filter(({ rentalId }) => rentalId === id)
          .reduce((sum, { micros }) => sum + micros, 0)
        return booked === bill ? [] : [`${id}: the books say ${booked}, the sandbox ${bill}.`]
      })
    },
    close: async () => {
      await stopEngine()
      await stopSandbox(stateDir, { force: true })
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
