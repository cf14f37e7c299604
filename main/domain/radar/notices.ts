import type { ErrorCode } from '../../../preload/contract/errors.ts'
import type { Notice } from '../../../preload/contract/overview.ts'
import type { Billable } from '../../../preload/contract/rental.ts'
import { microsPerMonth } from '../billable-sums.ts'
import { formatCount, formatMicrosPerHour, formatMicrosPerMonth, formatTime } from '../format.ts'
import type { RentalRecord } from '../rental/record.ts'
import { newKeyHelp, releaseState } from '../rental/release-state.ts'
import { nameToType, type Judgement } from './judge.ts'

/** Something this Sublet made and nothing needs: said once, not again while it stays. */
export function leakNotice(
  spotted: {
    readonly billable: Billable
    readonly judgement: Pick<Judgement, 'use' | 'sentence'>
    readonly accountName: string
  },
  now: number,
): Notice | null {
  const { billable, judgement, accountName } = spotted
  if (judgement.use !== 'unused') return null
  const { providerId, kind, nativeId } = billable
  return {
    id: `leak:${providerId}:${kind}:${nativeId}`,
    kind: 'leak',
    at: now,
    jobId: null,
    title: `A ${kind.replace('-', ' ')} costs money and nothing needs it`,
    sentence: `${nameToType(billable)} on ${accountName}, ${priceWords(billable)}. ${judgement.sentence}`,
    costMicros: null,
    actions: ['open'],
  }
}

/** A release that takes too long, or that cannot go on without the user. */
export function releaseNotice(rental: RentalRecord, now: number): Notice | null {
  const state = releaseState(rental, now)
  if (state === null || !state.red) return null
  const why = rental.releaseFailure ?? 'slow'
  const name = rental.allocations.at(-1)?.jobName ?? rental.id
  return {
    // Another cause is said again: what to do about it differs.
    id: `release:${rental.id}:${state.since}:${why}`,
    kind: 'leak',
    at: now,
    jobId: rental.allocations.at(-1)?.jobId ?? null,
    title: 'A machine is not proven gone',
    sentence: `The machine of ${name} (${formatMicrosPerHour(rental.offer.microsPerHour)}) is being released since ${formatTime(state.since, { near: now })}: ${state.sentence}`,
    costMicros: null,
    actions: ['open'],
  }
}

/** A provider refuses the key of an account that has machines of ours: nobody could end them. */
export function keyNotice(
  account: { readonly id: string; readonly name: string },
  problem: { readonly code: ErrorCode; readonly sentence: string } | null,
  rentals: readonly Pick<RentalRecord, 'accountId' | 'endBy' | 'verdict'>[],
  now: number,
): Notice | null {
  if (problem === null || (problem.code !== 'auth' && problem.code !== 'permission')) return null
  const own = rentals.filter(({ accountId }) => accountId === account.id)
  const [first] = own
  if (first === undefined) return null
  const endsAt = Math.max(...own.map(({ endBy }) => endBy))
  const alone = own.every(({ verdict }) => verdict?.stopsByItself === true)
    ? `By themselves they end at ${formatTime(endsAt, { near: now })} at the latest.`
    : 'Not all of them would end by themselves.'
  return {
    id: `key:${account.id}:${problem.code}:${own.length}`,
    kind: 'leak',
    at: now,
    jobId: null,
    title: `${account.name} refuses its key while ${formatCount(own.length, 'machine')} of it ${own.length === 1 ? 'runs' : 'run'}`,
    sentence: `${problem.sentence} ${alone} ${newKeyHelp}`,
    costMicros: null,
    actions: ['open'],
  }
}

/** `$0.80/h, $584.00/month (730 h)`, or that the price is not known. */
export function priceWords({ microsPerHour }: Pick<Billable, 'microsPerHour'>): string {
  const month = microsPerMonth(microsPerHour)
  if (microsPerHour === null || month === null) return 'price unknown'
  return `${formatMicrosPerHour(microsPerHour)}, ${formatMicrosPerMonth(month)} (730 h)`
}
