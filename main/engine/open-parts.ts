import type { Clock } from '../domain/clock.ts'
import { openLog } from '../logging/log.ts'
import { createRedactor } from '../logging/redactor.ts'
import { ensureToken } from '../rpc/token.ts'
import { openVault } from '../secrets/open-vault.ts'
import { createSettings } from '../settings/settings.ts'
import { openDatabase } from '../store/open.ts'
import { settingRows } from '../store/setting-rows.ts'
import { vaultNames } from '../store/vault-names.ts'
import type { Home } from './home.ts'

/** The log of an engine that holds the home's lock, and the token that it never contains. */
export function openEngineLog(home: Home) {
  const redactor = createRedactor()
  const token = ensureToken(home.tokenFile)
  redactor.add(token)
  return { log: openLog({ file: home.logFile, redactor }), redactor, token }
}

/** What the engine's business stands on. Waits for the keychain a few seconds at most. */
export async function openEngineParts(home: Home, clock: Clock, log: ReturnType<typeof openLog>) {
  const database = openDatabase(home.databaseFile)
  const vault = await openVault({ names: vaultNames(database), now: () => clock.now() })
  if (vault.state.kind === 'session') log.warn({}, vault.state.sentence)
  return { database, vault, settings: createSettings(settingRows(database), log) }
}
