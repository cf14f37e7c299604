import { setTimeout as delay } from 'node:timers/promises'
import { openVault } from '../../main/secrets/open-vault.ts'
import { openDatabase } from '../../main/store/open.ts'
import { vaultNames } from '../../main/store/vault-names.ts'

/** Run by keychain.test.ts with a database path and what to do; prints one JSON line. */
const [, , databasePath = '', what = ''] = process.argv
const database = openDatabase(databasePath)
const vault = await openVault({
  names: vaultNames(database),
  now: () => Date.now(),
  probeTimeoutMs: what === 'locked' ? 700 : 10_000,
})
const service = 'sublet/secret'
if (what === 'write') await vault.setPassword(service, 'HF_TOKEN', 'planted-välue\n"2"')
const value = await vault.getPassword(service, 'HF_TOKEN')
if (what === 'delete') await vault.deletePassword(service, 'HF_TOKEN')
const after = await vault.getPassword(service, 'HF_TOKEN')
process.stdout.write(
  `${JSON.stringify({ state: vault.state, value, after, names: vault.names(service) })}\n`,
)
database.close()
// The library may still wait for a keychain that never answers.
await delay(1)
process.exit(0)
