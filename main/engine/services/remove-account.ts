import { SubletError } from '../../domain/errors.ts'
import type { StoredAccount } from '../accounts.ts'
import type { ServiceParts } from './context.ts'

/** Refused while the account has rentals without receipt: nobody could release them any more. */
export async function removeAccount(parts: ServiceParts, account: StoredAccount): Promise<void> {
  const { journal } = parts
  refuseBuiltIn(account.providerId === 'host' ? '' : account.providerId)
  const open = journal.openRentals().filter((rental) => rental.accountId === account.id)
  if (open.length > 0) {
    const rentals = open.map((rental) => {
      const jobId = rental.allocations.at(-1)?.jobId ?? null
      return {
        rentalId: rental.id,
        jobId,
        jobName: jobId === null ? null : journal.job(jobId).spec.name,
      }
    })
    throw new SubletError(
      'conflict',
      `"${account.name}" still has ${open.length} machine(s) without receipt. Stop them first: sublet instances`,
      { details: { rentals } },
    )
  }
  await parts.credentials.remove(account)
  parts.accounts.remove(account.id)
}

/** The sandbox's account is always there, and own hosts are added in their own way. */
export function refuseBuiltIn(providerId: string): void {
  if (providerId === 'sandbox') {
    throw new SubletError('invalid', 'The sandbox has one built-in account, which always exists.')
  }
  if (providerId === 'host') {
    throw new SubletError('invalid', 'Own hosts are added with: sublet hosts add NAME user@host')
  }
}
