import type { Collection } from '../../preload/contract/collection.ts'
import type { Ceiling } from '../../preload/contract/ceiling.ts'
import type { RunOption } from '../../preload/contract/proposal.ts'
import type { Offer } from '../../preload/contract/offer.ts'
import { estimate, type JobSize } from '../domain/estimate.ts'
import { promisedVerdict, whyNot } from '../domain/lease.ts'
import type { ProviderAccess } from './ports.ts'

export interface RunOptionParts {
  readonly providers: Pick<ProviderAccess, 'capabilities' | 'clientLevel'>
  readonly size: JobSize
  readonly ceiling: Ceiling
  readonly collection: (offer: Offer) => Collection
  /** The offer of a machine that is still warm; null when none is. */
  readonly warmOfferId: string | null
}

/**
 * The first few offers, and the chosen one wherever it stands, each with cost and stop verdict. A
 * machine type that is offered in several regions is shown once, where it stands best.
 */
export function runOptions(
  parts: RunOptionParts,
  offers: readonly Offer[],
  chosenId: string,
  shown: number,
): RunOption[] {
  const chosen = offers.find((offer) => offer.id === chosenId)
  const first = bestOfEach(offers, chosen).slice(0, shown)
  const listed =
    chosen === undefined || first.includes(chosen) ? first : [...first.slice(0, shown - 1), chosen]
  return listed.map((offer) => option(parts, offer))
}

function bestOfEach(offers: readonly Offer[], chosen: Offer | undefined): Offer[] {
  const kind = (offer: Offer): string =>
    JSON.stringify([offer.accountId, offer.machineType, offer.spot, offer.gpu])
  const best = new Map<string, Offer>()
  for (const offer of offers) {
    if (offer === chosen || !best.has(kind(offer))) best.set(kind(offer), offer)
  }
  return [...best.values()]
}

function option(
  { providers, size, ceiling, collection, warmOfferId }: RunOptionParts,
  offer: Offer,
): RunOption {
  const { expiry, selfTermination } = providers.capabilities(offer.providerId)
  const client = providers.clientLevel(offer.accountId)
  const verdict = promisedVerdict({ expiry, selfTermination, client }, ceiling.endBy)
  const holding = verdict.levels.filter((level) => level.level !== 'client' && level.holds)
  return {
    offer,
    estimate: estimate(offer, { ...size, warm: offer.id === warmOfferId }),
    collection: collection(offer),
    stopsByItself: verdict.stopsByItself,
    stopsBecause: whyNot(verdict) ?? holding.map((level) => level.because).join(' '),
  }
}
