import { ulid } from 'ulid'
import type { Contract } from '../../../preload/contract/contract.ts'
import { SubletError } from '../../domain/errors.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { StoredAccount } from '../accounts.ts'
import type { ServiceParts } from './context.ts'

/** The handlers about accounts. Secrets go in and never come out. */
export function accountHandlers(parts: ServiceParts): Handlers<Contract>['accounts'] {
  const { accounts, credentials, providers, registry, clientEnvironment } = parts
  return {
    providers: async () =>
      registry.all().map(({ about }) => ({
        id: about.id,
        name: about.name,
        simulated: about.simulated,
        fields: about.credentialFields.map((field) => ({
          name: field.name,
          label: field.label,
          secret: field.secret,
          help: field.help,
          link: field.link ?? null,
          environmentVariable: field.environmentVariable ?? null,
        })),
      })),
    list: async () =>
      accounts.all().map((account) => ({
        id: account.id,
        providerId: account.providerId,
        name: account.name,
        simulated: registry.get(account.providerId).about.simulated,
        secretsIn: credentials.whereabouts(account),
      })),
    add: async ({ providerId, name, values }, { signal }) => {
      refuseBuiltIn(providerId)
      const account = { id: `account-${ulid().toLowerCase()}`, providerId, name, settings: {} }
      const status = await providers.open(account, values).check(signal)
      if (!status.ok) throw new SubletError('auth', status.message)
      await credentials.write(account, values)
      accounts.add(account)
      return { ...status, accountId: account.id }
    },
    check: async ({ accountId, environment }, { signal }) => {
      clientEnvironment.learn(environment)
      return (await providers.session(accountId)).check(signal)
    },
    remove: async ({ accountId }) => {
      await removeAccount(parts, accounts.get(accountId))
      return {}
    },
  }
}

/** Refused while the account has rentals without receipt: nobody could release them any more. */
export async function removeAccount(parts: ServiceParts, account: StoredAccount): Promise<void> {
  refuseBuiltIn(account.providerId === 'host' ? '' : account.providerId)
  const open = parts.journal.openRentals().filter((rental) => rental.accountId === account.id)
  if (open.length > 0) {
    throw new SubletError(
      'conflict',
      `"${account.name}" still has ${open.length} machine(s) without receipt. Stop them first: sublet instances`,
    )
  }
  await parts.credentials.remove(account)
  parts.accounts.remove(account.id)
}

function refuseBuiltIn(providerId: string): void {
  if (providerId === 'sandbox') {
    throw new SubletError('invalid', 'The sandbox has one built-in account, which always exists.')
  }
  if (providerId === 'host') {
    throw new SubletError('invalid', 'Own hosts are added with: sublet hosts add NAME user@host')
  }
}
