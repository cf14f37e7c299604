import type { Notice } from '../../../preload/contract/overview.ts'
import type { Billable } from '../../../preload/contract/rental.ts'
import { microsPerMonth } from '../billable-sums.ts'
import { formatMicrosPerHour, formatMicrosPerMonth, formatTime } from '../format.ts'
import type { RentalRecord } from '../rental/record.ts'
import { releaseState } from '../rental/release-state.ts'
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

/** `$0.80/h, $584.00/month (730 h)`, or that the price is not known. */
export function priceWords({ microsPerHour }: Pick<Billable, 'microsPerHour'>): string {
  const month = microsPerMonth(microsPerHour)
  if (microsPerHour === null || month === null) return 'price unknown'
  return `${formatMicrosPerHour(microsPerHour)}, ${formatMicrosPerMonth(month)} (730 h)`
}
