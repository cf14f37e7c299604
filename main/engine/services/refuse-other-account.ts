import { SubletError } from '../../domain/errors.ts'
import type { AccountStatus, ProviderSession } from '../../providers/provider.ts'
import type { StoredAccount } from '../accounts.ts'
import type { ServiceParts } from './context.ts'

/**
 * Refuses with `conflict` a key that works but belongs to somebody else while the account has
 * machines: that other account would say of each that it is gone, and it would bill on unseen. The
 * same identity will do, or one of the machines among what the key shows; after their ends, any key.
 */
export async function refuseOtherAccount(
  { journal, accounts, clock }: Pick<ServiceParts, 'journal' | 'accounts' | 'clock'>,
  account: StoredAccount,
  key: { readonly session: ProviderSession; readonly status: AccountStatus },
  signal: AbortSignal,
): Promise<void> {
  const now = clock.now()
  const held = journal
    .openRentals()
    .filter((one) => one.accountId === account.id && one.launchIssuedAt !== null && one.endBy > now)
  const [first] = held
  if (first === undefined) return
  if (accounts.lastCheck(account.id)?.identity === key.status.identity) return
  const ours = new Set<string>(held.map(({ id }) => id))
  for await (const { rentalId } of key.session.list(signal)) {
    if (rentalId !== null && ours.has(rentalId)) return
  }
  throw new SubletError(
    'conflict',
    `This key works, but it does not show ${first.id}, which "${account.name}" still rents: it seems to belong to another account. Use a key of the same one, or add this one as an account of its own.`,
  )
}
