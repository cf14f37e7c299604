import type { Contract } from '../../../preload/contract/contract.ts'
import { SubletError } from '../../domain/errors.ts'
import { explainNoOffer } from '../../domain/explain-no-offer.ts'
import { offerFilter } from '../../domain/offer-filter.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

/** The handlers about offers: those that fit, cheapest first. */
export function offerHandlers(parts: ServiceParts): Handlers<Contract>['offers'] {
  return {
    list: async ({ query, environment }, { signal }) => {
      parts.clientEnvironment.learn(environment)
      const { offers, sources } = await parts.providers.offers(query, signal)
      const fitting = offers
        .filter(offerFilter(query))
        .sort((a, b) => a.microsPerHour - b.microsPerHour)
      if (fitting.length === 0 && sources.every((source) => source.ok)) {
        throw new SubletError('no-offer', explainNoOffer(offers, query))
      }
      return { offers: fitting, sources }
    },
  }
}
