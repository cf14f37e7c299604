import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '../../main/domain/logger.ts'
import { homeAt, prepareHome } from '../../main/engine/home.ts'
import { createServices } from '../../main/engine/services.ts'
import type { EngineServices } from '../../main/engine/services-port.ts'
import { systemClock, type SystemClock } from '../../main/engine/system-clock.ts'
import { createRedactor, type Redactor } from '../../main/logging/redactor.ts'
import type { Provider } from '../../main/providers/provider.ts'
import { openVault } from '../../main/secrets/open-vault.ts'
import { createSettings } from '../../main/settings/settings.ts'
import { openDatabase } from '../../main/store/open.ts'
import type { Database } from '../../main/store/database.ts'
import { settingRows } from '../../main/store/setting-rows.ts'
import { vaultNames } from '../../main/store/vault-names.ts'

export interface ServicesRig {
  /** The home. */
  readonly folder: string
  readonly handlers: EngineServices['handlers']
  /** For tests that run jobs: to be stopped before `close`. */
  readonly services: Pick<EngineServices, 'start' | 'stop'>
  readonly redactor: Redactor
  readonly database: Database
  /** Every value that the keychain holds, by service and account. */
  readonly kept: ReadonlyMap<string, string>
  /** Call it in the test's clean-up. */
  readonly close: () => void
}

/** The engine's services in a temporary home, without process, socket or start. */
export async function servicesRig(
  providers: readonly Provider[],
  keychainWorks = true,
  clock: SystemClock = systemClock(undefined),
): Promise<ServicesRig> {
  const folder = mkdtempSync(join(tmpdir(), 'sublet-services-'))
  const home = homeAt(folder)
  prepareHome(home)
  const database = openDatabase(home.databaseFile)
  const redactor = createRedactor()
  const kept = new Map<string, string>()
  const key = (service: string, account: string): string => `${service} ${account}`
  const vault = await openVault({
    names: vaultNames(database),
    now: () => clock.now(),
    keychain: () => ({
      get: async (service, account) => kept.get(key(service, account)) ?? null,
      set: async (service, account, value) => {
        if (!keychainWorks) throw new Error('There is none.')
        kept.set(key(service, account), value)
      },
      delete: async (service, account) => kept.delete(key(service, account)),
    }),
  })
  const services = createServices(
    {
      home,
      homeId: 'home',
      version: '1.2.3',
      startedAt: clock.now(),
      database,
      clock,
      vault,
      settings: createSettings(settingRows(database), silentLogger),
      log: silentLogger,
      redactor,
      shutdown: () => undefined,
    },
    providers,
  )
  return {
    folder,
    handlers: services.handlers,
    services,
    redactor,
    database,
    kept,
    close: () => {
      database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
