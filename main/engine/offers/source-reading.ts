import type { BookSourceState } from '../../../preload/contract/offer-view.ts'
import type { Offer } from '../../../preload/contract/offer.ts'
import { listOffers } from '../../domain/offers/listed-offer.ts'
import type { ListedOffer, OfferOrigin } from '../../domain/offers/listed-offer.ts'
import type { SourceAnswer } from '../../providers/gather-offers.ts'

/** An account, as the book knows it. */
export interface BookAccount {
  readonly accountId: string
  readonly accountName: string
  readonly providerId: string
  readonly providerName: string
  readonly simulated: boolean
  readonly stopsByItself: true | string
}

/** One account's offers, as they were read last. */
export interface SourceReading {
  readonly account: BookAccount
  readonly rows: readonly ListedOffer[]
  readonly dropped: number
  /** When `rows` were read; null while they never were. */
  readonly readAt: number | null
  /** When the last try began. */
  readonly askedAt: number | null
  /** Whether the last try failed. */
  readonly failed: boolean
  readonly sentence: string
  readonly reading: boolean
}

/** The book keeps so many offers of one account; further ones are left out and said. */
export const mostOffersPerSource = 100_000

export function unread(account: BookAccount): SourceReading {
  return {
    account,
    rows: [],
    dropped: 0,
    readAt: null,
    askedAt: null,
    failed: false,
    sentence: 'Not read yet.',
    reading: false,
  }
}

export interface Taken {
  readonly reading: SourceReading
  /** Whether an offer came, went or changed. */
  readonly changed: boolean
}

/** What an answer makes of a reading. A failure keeps the rows that are there. */
export function takeAnswer(before: SourceReading, answer: SourceAnswer, now: number): Taken {
  const { report } = answer
  if (!report.ok) {
    const reading = { ...before, failed: true, reading: false, sentence: report.sentence }
    return { reading, changed: false }
  }
  const offers = answer.offers.slice(0, mostOffersPerSource)
  const beyond = answer.offers.length - offers.length
  const next = {
    ...before,
    dropped: report.dropped,
    readAt: now,
    failed: false,
    reading: false,
    sentence: beyond === 0 ? report.sentence : `${report.sentence} ${beyond} more were left out.`,
  }
  if (sameOffers(before.rows, offers)) {
    for (const [index, row] of before.rows.entries()) row.offer = offers[index] ?? row.offer
    return { reading: next, changed: false }
  }
  return {
    reading: { ...next, rows: listOffers(offers, originOf(before.account)) },
    changed: true,
  }
}

/** How a reading is told. `staleAfterMs` is the age from which prices count as old. */
export function stateOf(
  reading: SourceReading,
  now: number,
  staleAfterMs: number,
): BookSourceState {
  const { account, rows, dropped, readAt, sentence, failed } = reading
  const { stopsByItself: _, ...who } = account
  const old = readAt !== null && (failed || now - readAt > staleAfterMs)
  return {
    ...who,
    state: readAt === null ? (failed ? 'failed' : 'loading') : old ? 'stale' : 'ok',
    reading: reading.reading,
    count: rows.length,
    dropped,
    readAt,
    sentence,
  }
}

function originOf(account: BookAccount): OfferOrigin {
  const { providerName, accountName, stopsByItself } = account
  return { providerName, accountName, stopsByItself }
}

function sameOffers(rows: readonly ListedOffer[], offers: readonly Offer[]): boolean {
  return (
    rows.length === offers.length &&
    rows.every(({ offer }, index) => {
      const other = offers[index]
      return other !== undefined && sameOffer(offer, other)
    })
  )
}

function sameOffer(a: Offer, b: Offer): boolean {
  return (
    a.id === b.id &&
    a.microsPerHour === b.microsPerHour &&
    a.reservedMicrosPerHour === b.reservedMicrosPerHour &&
    a.availability === b.availability &&
    a.reliability === b.reliability &&
    a.source === b.source &&
    a.gpu?.name === b.gpu?.name &&
    a.gpu?.count === b.gpu?.count &&
    a.gpu?.vramGiB === b.gpu?.vramGiB &&
    a.vcpus === b.vcpus &&
    a.memoryGiB === b.memoryGiB &&
    a.diskGiB === b.diskGiB &&
    a.expectedBootMs === b.expectedBootMs &&
    a.billing.incrementMs === b.billing.incrementMs &&
    a.billing.minimumMs === b.billing.minimumMs &&
    a.billing.diskMicrosPerGibHour === b.billing.diskMicrosPerGibHour &&
    a.billing.egressMicrosPerGib === b.billing.egressMicrosPerGib
  )
}
