import type { Offer, OfferQuery } from '../../preload/contract/offer.ts'
import { toSubletError } from '../domain/errors.ts'
import { formatCount, formatDuration } from '../domain/format.ts'
import { gate } from '../domain/quality-gate.ts'
import type { ProviderSession } from './provider.ts'

/** One account to ask. */
export interface OfferSource {
  readonly providerId: string
  readonly accountId: string
  readonly session: Pick<ProviderSession, 'offers'>
}

/** How asking one account went: as `offers.list` answers it. */
export interface SourceReport {
  readonly providerId: string
  readonly accountId: string
  readonly ok: boolean
  readonly sentence: string
  /** Price rows that the quality gate refused. */
  readonly dropped: number
}

export interface GatheredOffers {
  readonly offers: Offer[]
  readonly sources: SourceReport[]
}

export interface GatherOptions {
  /** How long one account may take, in physical milliseconds; it never delays the others beyond. */
  readonly timeoutMs?: number
  readonly log?: (message: string, facts?: Readonly<Record<string, unknown>>) => void
}

const defaultTimeoutMs = 20_000

/**
 * Asks all accounts at once. One that fails or is too slow is reported in its own sentence and
 * never hides the others; what it had answered by then is not used, since half a list could
 * rank a dear machine first. Rejects only when `signal` is aborted, with its AbortError.
 */
export async function gatherOffers(
  sources: readonly OfferSource[],
  query: OfferQuery,
  signal: AbortSignal,
  options: GatherOptions = {},
): Promise<GatheredOffers> {
  signal.throwIfAborted()
  const answers = await Promise.all(
    sources.map((source) => askSource(source, query, signal, options)),
  )
  signal.throwIfAborted()
  return {
    offers: answers.flatMap((answer) => answer.offers),
    sources: answers.map((answer) => answer.report),
  }
}

export interface SourceAnswer {
  readonly offers: readonly Offer[]
  readonly report: SourceReport
}

/** Asks one account. Never rejects: a failure, a time-out and an abort are a report that is not ok. */
export async function askSource(
  source: OfferSource,
  query: OfferQuery,
  signal: AbortSignal,
  options: GatherOptions = {},
): Promise<SourceAnswer> {
  const { providerId, accountId } = source
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
  const timeout = AbortSignal.timeout(timeoutMs)
  const either = AbortSignal.any([signal, timeout])
  try {
    const rows = await untilAborted(collect(source, query, either), either)
    const { offers, dropped } = gate(rows)
    for (const { offer, reason } of dropped) {
      options.log?.('Price row dropped', { offerId: offer.id, reason })
    }
    const sentence = describe(offers.length, dropped.length)
    return {
      offers,
      report: { providerId, accountId, ok: true, sentence, dropped: dropped.length },
    }
  } catch (error) {
    const sentence =
      timeout.aborted && !signal.aborted
        ? `${providerId} did not answer within ${formatDuration(timeoutMs)}: try again.`
        : toSubletError(error).message
    return { offers: [], report: { providerId, accountId, ok: false, sentence, dropped: 0 } }
  }
}

async function collect(
  source: OfferSource,
  query: OfferQuery,
  signal: AbortSignal,
): Promise<Offer[]> {
  const rows: Offer[] = []
  for await (const offer of source.session.offers(query, signal)) rows.push(offer)
  return rows
}

/** A session that ignores its signal must not hold up the others. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(toSubletError(signal.reason))
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function describe(offers: number, dropped: number): string {
  const gated =
    dropped === 0 ? '' : `; ${formatCount(dropped, 'price row')} left out as not believable`
  return `${formatCount(offers, 'offer')}${gated}.`
}
