import type { Contract } from '../../../preload/contract/contract.ts'
import { microsPerMonth } from '../../domain/billable-sums.ts'
import { releaseState } from '../../domain/rental/release-state.ts'
import { holderOf, releaseUnlessInUse } from '../../jobs/rental-holder.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { Spotted } from '../radar/radar.ts'
import type { ServiceParts } from './context.ts'
import { releaseStranger } from './release-stranger.ts'

/** The handlers about everything that costs money on any account. */
export function instanceHandlers(parts: ServiceParts): Handlers<Contract>['instances'] {
  const { journal, providers, clientEnvironment, radar } = parts
  return {
    list: async ({ environment, maxAgeMs = 0 }, { signal }) => {
      clientEnvironment.learn(environment)
      const { spotted, readings } = await radar.look({ maxAgeMs, hosts: true }, signal)
      return {
        billables: spotted.map((one) => rowOf(parts, one)),
        accounts: readings.map(({ account, fetchedAt, problem }) => ({
          accountId: account.id,
          accountName: account.name,
          providerId: account.providerId,
          simulated: providers.about(account.providerId).simulated,
          fetchedAt,
          problem: problem?.sentence ?? null,
        })),
        problems: readings.flatMap(({ account, problem }) =>
          problem === null ? [] : [`${account.name}: ${problem.sentence}`],
        ),
      }
    },
    release: async ({ rentalId }) => {
      const holder = holderOf(journal, rentalId)
      if (holder !== null) parts.desk.requestStop(holder.id, false)
      releaseUnlessInUse(journal, rentalId, 'You asked for it.')
      return {}
    },
    releaseStranger: async (input, { signal }) => await releaseStranger(parts, input, signal),
  }
}

function rowOf(
  parts: ServiceParts,
  { billable, judgement, accountName, simulated, fetchedAt }: Spotted,
) {
  const { journal, clock, providers } = parts
  const { ours, use, release, sentence } = judgement
  const rental = ours && billable.rentalId !== null ? journal.rental(billable.rentalId) : null
  const allocation = rental?.allocations.at(-1)
  return {
    ...billable,
    ours,
    use,
    jobId: allocation?.jobId ?? null,
    jobName: allocation?.jobName ?? null,
    accountName,
    simulated,
    microsPerMonth: microsPerMonth(billable.microsPerHour),
    fetchedAt,
    releasing: rental === null ? null : releaseState(rental, clock.now()),
    release,
    releaseSentence: sentence,
    link: providers.about(billable.providerId).consoleLink ?? null,
  }
}
