import type { Contract } from '../../../preload/contract/contract.ts'
import type { Billable } from '../../../preload/contract/rental.ts'
import { toSubletError } from '../../domain/errors.ts'
import type { RentalRecord } from '../../domain/rental/record.ts'
import { holderOf, releaseUnlessInUse } from '../../jobs/rental-holder.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'
import { releaseStranger } from './release-stranger.ts'
import { releaseWay } from './release-way.ts'

/** The handlers about everything that costs money on any account. */
export function instanceHandlers(parts: ServiceParts): Handlers<Contract>['instances'] {
  const { accounts, journal, providers, clientEnvironment } = parts
  return {
    list: async ({ environment }, { signal }) => {
      clientEnvironment.learn(environment)
      const problems: string[] = []
      const found = new Map<string, Billable>()
      await Promise.all(
        accounts.all().map(async (account) => {
          try {
            const session = await providers.session(account.id)
            for await (const billable of session.list(signal)) {
              found.set(`${account.id} ${billable.nativeId}`, billable)
            }
          } catch (thrown) {
            signal.throwIfAborted()
            problems.push(`${account.name}: ${toSubletError(thrown).message}`)
          }
        }),
      )
      const listed = [...found.values()]
      // What a provider does not show (yet) stays in sight until its receipt.
      const unseen = journal
        .openRentals()
        .filter((rental) => !listed.some((one) => one.rentalId === rental.id))
        .map((rental) => billableOf(rental))
      const names = new Map(accounts.all().map(({ id, name }) => [id, name]))
      return {
        billables: [...listed, ...unseen].map((one) => {
          const jobId = jobOf(parts, one.rentalId)
          return {
            ...one,
            ours: one.rentalId !== null && journal.knowsRental(one.rentalId),
            jobId,
            jobName: jobId === null ? null : journal.job(jobId).spec.name,
            accountName: names.get(one.accountId) ?? one.accountId,
            ...releaseWay(parts, one),
          }
        }),
        problems,
      }
    },
    release: async ({ rentalId }) => {
      const holder = holderOf(journal, rentalId)
      if (holder !== null) parts.desk.requestStop(holder.id, false)
      releaseUnlessInUse(journal, rentalId, 'You asked for it.')
      return {}
    },
    releaseStranger: async (input, { signal }) => releaseStranger(parts, input, signal),
  }
}

function billableOf(rental: RentalRecord): Billable {
  return {
    kind: 'machine',
    providerId: rental.offer.providerId,
    accountId: rental.accountId,
    nativeId: rental.instanceId ?? '',
    name: rental.id,
    rentalId: rental.id,
    homeId: rental.homeId,
    state: rental.pendingSentence ?? rental.phase,
    region: rental.offer.region,
    microsPerHour: rental.offer.microsPerHour,
    createdAt: rental.launchedAt ?? rental.intendedAt,
  }
}

function jobOf(parts: ServiceParts, rentalId: Billable['rentalId']) {
  if (rentalId === null || !parts.journal.knowsRental(rentalId)) return null
  return parts.journal.rental(rentalId).allocations.at(-1)?.jobId ?? null
}
