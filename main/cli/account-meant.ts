import type { AccountSummary } from '../../preload/contract/account.ts'
import { SubletError } from '../domain/errors.ts'

type Named = Pick<AccountSummary, 'id' | 'name' | 'providerId'>

/**
 * The id of the account that `--account` means, by name or id: names are unique within a provider
 * only. Undefined where none is named; `invalid` where several are.
 */
export function accountMeant(
  accounts: readonly Named[],
  { provider, account }: { readonly provider?: string; readonly account?: string },
): string | undefined {
  if (account === undefined) return undefined
  const named = accounts.filter(
    (one) => one.name === account && (provider === undefined || one.providerId === provider),
  )
  if (named.length > 1) {
    throw new SubletError(
      'invalid',
      `Several accounts are named "${account}": say which provider is meant with --provider.`,
    )
  }
  return named[0]?.id ?? account
}
