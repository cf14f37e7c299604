import { SubletError } from '../../domain/errors.ts'
import { didYouMean } from '../../domain/nearest.ts'
import type { Accounts } from '../accounts.ts'

/** The account that `--account` or `--host` means; undefined when the user named none. */
export function accountNamed(
  accounts: Accounts,
  chosen: {
    readonly providerId: string | null
    readonly account: string | null
    readonly host: string | null
  },
): string | undefined {
  const wanted = chosen.host ?? chosen.account
  if (wanted === null) return undefined
  const providerId = chosen.host === null ? chosen.providerId : 'host'
  const all = accounts
    .all()
    .filter((one) =>
      providerId === null ? one.providerId !== 'host' : one.providerId === providerId,
    )
  const found = all.filter((one) => one.name === wanted || one.id === wanted)
  if (found.length === 1 && found[0] !== undefined) return found[0].id
  const names = all.map((one) => one.name)
  if (found.length > 1) {
    throw new SubletError(
      'invalid',
      `Several accounts are named "${wanted}": say which provider is meant with --provider.`,
    )
  }
  const what = chosen.host === null ? 'account' : 'host'
  throw new SubletError(
    'not-found',
    `There is no ${what} named "${wanted}"${didYouMean(wanted, names) || '.'} Add it: sublet ${what}s add`,
  )
}
