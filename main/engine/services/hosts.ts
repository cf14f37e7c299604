import { ulid } from 'ulid'
import type { Contract } from '../../../preload/contract/contract.ts'
import type { HostSummary } from '../../../preload/contract/account.ts'
import { SubletError } from '../../domain/errors.ts'
import { resolveUserPath } from '../../jobs/understand/file-facts.ts'
import { ownPlaces } from '../../machine/ssh/host-connector.ts'
import { fingerprint } from '../../machine/ssh/keys.ts'
import { resolveHost } from '../../machine/ssh/user-config.ts'
import { readHostSettings, storedHostSettings } from '../../providers/host/settings.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { StoredAccount } from '../accounts.ts'
import { checkedAndStopped } from './accounts.ts'
import type { ServiceParts } from './context.ts'
import { removeAccount } from './remove-account.ts'

/** The handlers about own hosts: accounts of the provider `host`, whose keys the user trusted. */
export function hostHandlers(parts: ServiceParts): Handlers<Contract>['hosts'] {
  const { accounts, providers, clientEnvironment } = parts
  return {
    scan: async ({ target: address, keyFile, environment }, { signal }) => {
      clientEnvironment.learn(environment)
      const { target, keys } = await parts.hostConnector.scan(address, wholePath(keyFile), {
        signal,
        agentSocket: clientEnvironment.agentSocket,
      })
      return {
        address: target.host,
        user: target.user,
        port: target.port,
        keys: keys.map((key) => ({ key, fingerprint: fingerprint(key) })),
      }
    },
    add: async (input, { signal }) => {
      const { name, target, trusted, environment } = input
      clientEnvironment.learn(environment)
      const known = knownHost(parts, name, target)
      const before = known === null ? null : readHostSettings(known)
      const account: StoredAccount = {
        id: known?.id ?? `host-${ulid().toLowerCase()}`,
        providerId: 'host',
        name,
        settings: storedHostSettings({
          ...before,
          address: target,
          identityFile: wholePath(input.keyFile) ?? before?.identityFile ?? null,
          rateMicrosPerHour: input.rateMicrosPerHour ?? before?.rateMicrosPerHour ?? 0,
          hostKeys: trusted.map((one) => one.key),
        }),
      }
      const status = await providers.open(account, {}).check(signal)
      if (!status.ok) throw new SubletError(status.code ?? 'auth', status.message)
      if (known === null) accounts.add(account)
      else accounts.change(account.id, account.settings)
      return accounts.noteCheck(account.id, status)
    },
    list: async () =>
      accounts
        .all()
        .filter((account) => account.providerId === 'host')
        .map((account) => summaryOf(parts, account)),
    check: async ({ name, environment }, { signal }) => {
      clientEnvironment.learn(environment)
      const { id } = hostNamed(parts, name)
      return accounts.noteCheck(id, await (await providers.session(id)).check(signal))
    },
    remove: async ({ name }) => {
      await removeAccount(parts, hostNamed(parts, name))
      return {}
    },
  }
}

/**
 * A host added again at its old address is the way to trust its new key: it may hold a job whose
 * machine can only be cleaned up then, so that it cannot be removed first.
 */
function knownHost(parts: ServiceParts, name: string, target: string): StoredAccount | null {
  const known = parts.accounts.find('host', name)
  if (known === null || readHostSettings(known).address === target) return known
  throw new SubletError(
    'conflict',
    `There is already a host named "${name}". Remove it first, or choose another name.`,
  )
}

/** A page knows no working folder: `~` and relative paths start at the user's home folder. */
function wholePath(keyFile: string | null): string | null {
  return keyFile === null ? null : resolveUserPath(keyFile, ownPlaces().home)
}

function hostNamed(parts: ServiceParts, name: string): StoredAccount {
  const account = parts.accounts.find('host', name)
  if (account !== null) return account
  throw new SubletError('not-found', `There is no host named "${name}". See: sublet hosts list`)
}

function summaryOf(parts: ServiceParts, account: StoredAccount): HostSummary {
  const settings = readHostSettings(account)
  const { target } = resolveHost(settings.address, ownPlaces())
  return {
    name: account.name,
    address: target.host,
    user: target.user,
    port: target.port,
    keyFile: settings.identityFile,
    rateMicrosPerHour: settings.rateMicrosPerHour,
    fingerprints: settings.hostKeys.map(fingerprint),
    accountId: account.id,
    target: settings.address,
    ...checkedAndStopped(parts, account),
  }
}
