import { ulid } from 'ulid'
import type { AccountSummary } from '../../../preload/contract/account.ts'
import type { Contract } from '../../../preload/contract/contract.ts'
import { SubletError } from '../../domain/errors.ts'
import { stopAbility } from '../../domain/stop-ability.ts'
import type { AccountStatus, ProviderAbout } from '../../providers/provider.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { StoredAccount } from '../accounts.ts'
import type { ServiceParts } from './context.ts'
import { refuseOtherAccount } from './refuse-other-account.ts'
import { removeAccount, refuseBuiltIn } from './remove-account.ts'

/** The handlers about accounts. Secrets go in and never come out. */
export function accountHandlers(parts: ServiceParts): Handlers<Contract>['accounts'] {
  const { accounts, credentials, providers, registry, clientEnvironment } = parts
  return {
    providers: async () => registry.all().map(({ about }) => formOf(about)),
    list: async () =>
      accounts.all().map((account) => ({
        id: account.id,
        providerId: account.providerId,
        name: account.name,
        simulated: registry.about(account.providerId).simulated,
        secretsIn: credentials.whereabouts(account),
        ...checkedAndStopped(parts, account),
      })),
    add: async ({ providerId, name, values }, { signal }) => {
      refuseBuiltIn(providerId)
      const account = {
        id: `account-${ulid().toLowerCase()}`,
        providerId,
        name: accountName(name),
        settings: {},
      }
      const complete = await credentials.complete(account, trimmed(values))
      const status = await accepted(providers.open(account, complete).check(signal))
      // The name is refused before anything is in the keychain.
      accounts.add(account)
      try {
        await credentials.write(account, complete)
      } catch (error) {
        accounts.remove(account.id)
        throw error
      }
      return { ...accounts.noteCheck(account.id, status), accountId: account.id }
    },
    check: async ({ accountId, environment }, { signal }) => {
      clientEnvironment.learn(environment)
      const status = await (await providers.session(accountId)).check(signal)
      return accounts.noteCheck(accountId, status)
    },
    replaceSecret: async ({ accountId, values }, { signal }) => {
      const account = accounts.get(accountId)
      refuseBuiltIn(account.providerId)
      const complete = await credentials.complete(account, trimmed(values), true)
      const session = providers.open(account, complete)
      const status = await accepted(session.check(signal))
      await refuseOtherAccount(parts, account, { session, status }, signal)
      await credentials.write(account, complete)
      return accounts.noteCheck(account.id, status)
    },
    rename: async ({ accountId, name }) => {
      const account = accounts.get(accountId)
      if (account.providerId === 'sandbox') refuseBuiltIn('sandbox')
      accounts.rename(account, account.providerId === 'host' ? hostName(name) : accountName(name))
      return {}
    },
    remove: async ({ accountId }) => {
      await removeAccount(parts, accounts.get(accountId))
      return {}
    },
  }
}

/** What lists of accounts and of hosts say alike. */
export function checkedAndStopped(
  { accounts, providers }: ServiceParts,
  account: StoredAccount,
): Pick<AccountSummary, 'lastCheck' | 'stop'> {
  const unknown = 'This version of Sublet does not know its provider.'
  const { expiry, selfTermination } = providers.knows(account.providerId)
    ? providers.capabilities(account.providerId)
    : { expiry: unknown, selfTermination: unknown }
  return {
    lastCheck: accounts.lastCheck(account.id),
    stop: stopAbility({ expiry, selfTermination, client: providers.clientLevel(account.id) }),
  }
}

function formOf(about: ProviderAbout) {
  return {
    id: about.id,
    name: about.name,
    simulated: about.simulated,
    consoleLink: about.consoleLink ?? null,
    ...(about.environmentVariables && { environmentVariables: [...about.environmentVariables] }),
    ...(about.leastPolicy !== undefined && { leastPolicy: about.leastPolicy }),
    fields: about.credentialFields.map((field) => ({
      name: field.name,
      label: field.label,
      secret: field.secret,
      ...(field.optional && { optional: field.optional }),
      help: field.help,
      pattern: field.pattern ?? null,
      placeholder: field.placeholder ?? null,
      link: field.link ?? null,
      environmentVariable: field.environmentVariable ?? null,
    })),
  }
}

async function accepted(check: Promise<AccountStatus>): Promise<AccountStatus> {
  const status = await check
  if (!status.ok) throw new SubletError('auth', status.message)
  return status
}

/** What is pasted often brings a space or a line end; a key of several lines needs its own. */
function trimmed(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value.trim().includes('\n') ? value : value.trim(),
    ]),
  )
}

function accountName(name: string): string {
  const wanted = name.trim()
  if (wanted !== '' && wanted.length <= 60) return wanted
  throw new SubletError('invalid', 'An account needs a name of 1 to 60 characters.')
}

function hostName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return name
  throw new SubletError(
    'invalid',
    'The name of a host has letters, digits, dot, dash and _, and starts with a letter or digit.',
  )
}
